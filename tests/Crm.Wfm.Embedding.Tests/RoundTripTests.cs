using System.Diagnostics;
using Crm.Wfm.Moves;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>What a move of a host's entity asks of the database: its facts travel in the engine's own batch, read by EF Core.</summary>
public sealed class RoundTripTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task A_move_takes_two_round_trips_when_this_host_knows_the_project_and_three_when_not()
    {
        var project = await shop.StartAsync(await shop.PlaceAsync(ShopFixture.NewOrder()), pay: true);
        (await CountAsync(shop.Services, project, "lose")).ShouldBe(2);

        project = await shop.StartAsync(await shop.PlaceAsync(ShopFixture.NewOrder()), pay: true);
        await using var other = Shop.ShopWeb.Build(shop.Arguments);
        await MoveAsync(other.Services, await shop.StartAsync(await shop.PlaceAsync(ShopFixture.NewOrder())), "pay"); // it has met the workflow
        (await CountAsync(other.Services, project, "lose")).ShouldBe(3);
    }

    [Fact]
    public async Task Set_and_move_takes_no_more()
    {
        var project = await shop.StartAsync(await shop.PlaceAsync(ShopFixture.NewOrder()), pay: true);
        (await CountAsync(shop.Services, project, "lose", new() { ["trackingNumber"] = "T1" })).ShouldBe(2);
    }

    // Npgsql starts one activity per command or batch it sends. BEGIN travels ahead of the first, COMMIT in the last.
    private async Task<int> CountAsync(IServiceProvider services, Guid project, string transition, System.Text.Json.Nodes.JsonObject? changes = null)
    {
        var database = new NpgsqlConnectionStringBuilder(shop.Application).Database;
        var sent = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(t => t.Key is "db.namespace" or "db.name" && t.Value as string == database)) Interlocked.Increment(ref sent);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await MoveAsync(services, project, transition, changes);
        return sent;
    }

    private static async Task MoveAsync(IServiceProvider services, Guid project, string transition, System.Text.Json.Nodes.JsonObject? changes = null)
    {
        await using var scope = services.CreateAsyncScope();
        var command = new MoveCommand(project, transition, new(ShopFixture.Ann)) { Input = transition == "lose" ? new() { ["reason"] = "price" } : null, Changes = changes };
        (await scope.ServiceProvider.GetRequiredService<MoveEngine>().MoveAsync(command, default)).ShouldBeOfType<MoveResult.Moved>();
    }
}
