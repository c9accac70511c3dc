using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Crm.Testing;
using Crm.Wfm.Moves;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shop;
using Shop.Orders;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>The shop, served by Kestrel on a free port, in Production, under a login of its own.</summary>
public sealed class ShopFixture : EmptyDatabase
{
    public static readonly Guid Ann = new("00000000-0000-0000-0000-0000000000aa");
    public static readonly DateTimeOffset Placed = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1));

    private WebApplication? _app;

    public IServiceProvider Services => _app!.Services;

    public string[] Arguments => ["--environment=Production", "--urls=http://127.0.0.1:0", $"--ConnectionStrings:Shop={Application}", $"--ConnectionStrings:ShopOwner={Owner}"];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _app = ShopWeb.Build(Arguments);
        await _app.MigrateShopAsync();
        await _app.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        await _app!.DisposeAsync();
        await base.DisposeAsync();
    }

    public HttpClient Client(string? card)
    {
        var client = new HttpClient { BaseAddress = new(_app!.Urls.Single()) };
        if (card is not null) client.DefaultRequestHeaders.Authorization = new(StaffCard.Name, card);
        return client;
    }

    /// <summary>Sends a request as a member of staff; the answer's body is <c>null</c> when it has none.</summary>
    public async Task<(int Status, JsonNode? Body)> SendAsync(string path, object? body = null, string? card = null)
    {
        using var client = Client(card ?? Ann.ToString());
        using var response = body is null ? await client.GetAsync(new Uri(path, UriKind.Relative)) : await client.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    public static Order NewOrder(decimal total = 50) => new()
    {
        Total = total,
        Currency = "EUR",
        OwnerId = Ann,
        PlacedAt = Placed.ToUniversalTime(),
        Customer = new() { Name = "Ann" },
        UpdatedAt = Placed.ToUniversalTime(),
    };

    public async Task<Order> PlaceAsync(Order order)
    {
        await using var scope = Services.CreateAsyncScope();
        var shop = scope.ServiceProvider.GetRequiredService<ShopContext>();
        shop.Add(order);
        await shop.SaveChangesAsync();
        return order;
    }

    /// <summary>Starts the order's process and, when asked, takes its first transition.</summary>
    public async Task<Guid> StartAsync(Order order, bool pay = false)
    {
        await using var scope = Services.CreateAsyncScope();
        var engine = scope.ServiceProvider.GetRequiredService<MoveEngine>();
        var actor = new Actor(Ann);
        var project = (await engine.StartAsync(new(new SubjectRef("order", order.Id), actor), default)).ShouldBeOfType<MoveResult.Moved>().Project;
        if (pay) (await engine.MoveAsync(new(project, "pay", actor), default)).ShouldBeOfType<MoveResult.Moved>();
        return project;
    }

    public async Task<T> ReadAsync<T>(Func<ShopContext, Task<T>> read)
    {
        await using var scope = Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<ShopContext>());
    }
}

/// <summary>A database nobody has migrated: what an application finds on its first start.</summary>
public class EmptyDatabase : TestDatabase
{
    protected override Task MigrateAsync(string owner, string application) => Task.CompletedTask;
}
