using System.Runtime.CompilerServices;
using Crm.Wfm.Events;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop;
using Shop.Orders;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>A process without HTTP that moves orders inside transactions of its own.</summary>
public sealed class WorkerTests(ShopFixture shop) : IClassFixture<ShopFixture>, IAsyncLifetime
{
    private readonly IHost _worker = ShopWorker.Build(shop.Arguments);

    public Task InitializeAsync() => _worker.MigrateShopAsync();

    public Task DisposeAsync()
    {
        _worker.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Own_write_and_move_commit_together()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        var project = await shop.StartAsync(order, pay: true);
        (await ShipAsync(project, order.Id)).ShouldBeOfType<MoveResult.Moved>().RecordVersion.ShouldBe(2);
        (await StateAsync(project, order.Id)).ShouldBe(("shipped", 3, "T1", 1));
    }

    [Fact]
    public async Task A_refusal_rolled_back_undoes_the_own_write_too()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder(5000));
        var project = await shop.StartAsync(order, pay: true);
        (await ShipAsync(project, order.Id)).ShouldBeOfType<MoveResult.Refused>().Reasons.Select(r => r.Key).ShouldBe(["large-goes-next-day"]);
        (await StateAsync(project, order.Id)).ShouldBe(("paid", 2, null, 0));
    }

    [Fact]
    public async Task A_move_in_a_transaction_rolled_back_has_never_happened()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        var project = await shop.StartAsync(order, pay: true);
        await using (var scope = _worker.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<ShopContext>();
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.Orders.Where(o => o.Id == order.Id).ExecuteUpdateAsync(u => u.SetProperty(o => o.TrackingNumber, "T1"));
            (await scope.ServiceProvider.GetRequiredService<MoveEngine>().MoveAsync(new(project, "ship", Shipping.Courier), default)).ShouldBeOfType<MoveResult.Moved>();
        }

        (await StateAsync(project, order.Id)).ShouldBe(("paid", 2, null, 0));
    }

    [Fact]
    public async Task A_refused_move_leaves_the_callers_transaction_usable()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        var project = await shop.StartAsync(order, pay: true);
        await using (var scope = _worker.Services.CreateAsyncScope())
        {
            var (db, engine) = (scope.ServiceProvider.GetRequiredService<ShopContext>(), scope.ServiceProvider.GetRequiredService<MoveEngine>());
            await using var transaction = await db.Database.BeginTransactionAsync();
            (await engine.MoveAsync(new(project, "ship", Shipping.Courier), default)).ShouldBeOfType<MoveResult.Refused>();
            await db.Orders.Where(o => o.Id == order.Id).ExecuteUpdateAsync(u => u.SetProperty(o => o.TrackingNumber, "T2"));
            (await engine.MoveAsync(new(project, "ship", Shipping.Courier), default)).ShouldBeOfType<MoveResult.Moved>();
            await transaction.CommitAsync();
        }

        (await StateAsync(project, order.Id)).ShouldBe(("shipped", 3, "T2", 1));
    }

    [Fact]
    public async Task The_running_worker_ships_what_is_paid()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        var project = await shop.StartAsync(order, pay: true);
        await _worker.StartAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await StateAsync(project, order.Id)).Step != "shipped") await Task.Delay(20, patience.Token);
        await _worker.StopAsync();
        (await StateAsync(project, order.Id)).Tracking.ShouldBe($"TRACK-{order.Id}");
    }

    [Fact]
    public async Task A_consumer_of_events_prints_in_the_transaction_that_hands_them_over()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        await ShipAsync(await shop.StartAsync(order, pay: true), order.Id);
        while (await _worker.Services.GetRequiredService<EventPump>().RunOnceAsync(default) > 0)
        {
        }

        (await shop.ReadAsync(s => s.Labels.Where(l => l.OrderId == order.Id).OrderBy(l => l.Id).Select(l => l.Text).ToListAsync())).ShouldBe(["Ann T1", "Thank you!"]);
    }

    [Fact]
    public void The_page_shows_this_consumer()
    {
        var source = Text("tests/Shop/Orders/ThankYou.cs").Split("// docs/events.md\n")[1];
        Text("docs/events.md").ShouldContain($"```csharp\n{source}```", Case.Sensitive);
        foreach (var text in new[] { Text("docs/events.md"), Text("tests/Shop/ShopWorker.cs") })
        {
            text.ShouldContain("(wfm => wfm.AddEventConsumer<ThankYou>(\"thank-you\").AddEventPump());", Case.Sensitive);
        }
    }

    private static string Text(string path, [CallerFilePath] string file = "") => File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", path));

    private async Task<MoveResult> ShipAsync(Guid project, int order)
    {
        await using var scope = _worker.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Shipping>().ShipAsync(project, order, "T1", default);
    }

    private Task<(string Step, int Version, string? Tracking, int Labels)> StateAsync(Guid project, int order) => shop.ReadAsync(async s =>
    {
        await using var transaction = await s.Database.BeginWorkspaceAsync(Workspace.Default);
        var row = await s.Set<ProjectRow>().SingleAsync(p => p.Id == project);
        var tracking = await s.Orders.Where(o => o.Id == order).Select(o => o.TrackingNumber).SingleAsync();
        return (row.Step, row.Version, tracking, await s.Labels.CountAsync(l => l.OrderId == order));
    });
}
