using System.Text.Json.Nodes;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shop;
using Shop.Orders;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>An entity of the host's own under a process, over HTTP.</summary>
public sealed class GovernedOrderTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task Typed_facts_reach_the_rules_as_JSON_knows_them()
    {
        var order = ShopFixture.NewOrder(50.25m);
        (order.Priority, order.Customer) = (OrderPriority.NextDay, null);
        var project = await shop.StartAsync(await shop.PlaceAsync(order));
        var (status, history) = await shop.SendAsync($"/wfm/projects/{project}/history");
        status.ShouldBe(200);
        var entity = history!["items"]![0]!["details"]!["facts"]!["entity"]!;
        JsonNode.DeepEquals(entity, JsonNode.Parse("""
            {"total": 50.25, "currency": "EUR", "priority": "nextDay", "customer": null, "placedAt": "2026-01-02T02:04:05.000Z", "trackingNumber": null, "lostReason": null, "wishes": {}}
            """)).ShouldBeTrue(entity.ToJsonString());
    }

    [Fact]
    public async Task A_missing_navigation_reads_as_null_and_refuses_with_its_reason()
    {
        var order = ShopFixture.NewOrder();
        order.Customer = null;
        var project = await shop.StartAsync(await shop.PlaceAsync(order));
        var (status, problem) = await shop.SendAsync($"/wfm/projects/{project}/moves", new { transition = "pay", version = 1 });
        status.ShouldBe(422);
        problem!["reasons"]!.AsArray().Select(r => (string?)r!["key"]).ShouldBe(["has-customer"]);
    }

    [Fact]
    public async Task A_blocked_move_goes_through_with_the_field_it_asked_for()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder(2000));
        var project = await shop.StartAsync(order, pay: true);
        var (status, problem) = await shop.SendAsync($"/wfm/projects/{project}/moves", new { transition = "ship", version = 2 });
        status.ShouldBe(422);
        problem!["reasons"]!.AsArray().Select(r => (string?)r!["key"]).ShouldBe(["large-goes-next-day", "tracked"]);

        var changes = new { trackingNumber = "T7", priority = "nextDay" };
        (status, var moved) = await shop.SendAsync($"/wfm/projects/{project}/moves", new { transition = "ship", version = 2, changes });
        status.ShouldBe(200, moved?.ToJsonString());
        ((int?)moved!["recordVersion"]).ShouldBe(2);

        var saved = await shop.ReadAsync(s => s.Orders.SingleAsync(o => o.Id == order.Id));
        saved.ShouldSatisfyAllConditions(
            o => o.TrackingNumber.ShouldBe("T7"),
            o => o.Priority.ShouldBe(OrderPriority.NextDay),
            o => o.Version.ShouldBe(2),
            o => o.UpdatedAt.ShouldBe(DateTimeOffset.Parse((string)moved["at"]!, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromMicroseconds(1)),
            o => o.UpdatedBy.ShouldBe(ShopFixture.Ann));
    }

    [Theory]
    [InlineData("total", "5", "read-only")] // not Settable
    [InlineData("lostReason", "\"price\"", "read-only")] // Settable for the process, readOnly for people
    [InlineData("priority", "\"overnight\"", "enum")]
    [InlineData("priority", "null", "type")]
    [InlineData("trackingNumber", "7", "type")]
    [InlineData("trackingNumber", "\"longer than the column\"", "constraint")]
    public async Task Changes_nobody_may_make_are_told_and_nothing_is_written(string field, string value, string key)
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        var project = await shop.StartAsync(order, pay: true);
        var changes = new JsonObject { [field] = JsonNode.Parse(value) };
        var (status, problem) = await shop.SendAsync($"/wfm/projects/{project}/moves", new { transition = "ship", version = 2, changes });
        status.ShouldBe(400, problem?.ToJsonString());
        problem!["faults"]!.AsArray().Select(f => (string?)f!["key"]).Distinct().ShouldBe([key]);
        (await shop.ReadAsync(s => s.Orders.SingleAsync(o => o.Id == order.Id))).Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_move_leaves_the_changes_it_came_with_undone()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder(2000));
        var project = await shop.StartAsync(order, pay: true);
        var (status, _) = await shop.SendAsync($"/wfm/projects/{project}/moves", new { transition = "ship", version = 2, changes = new { trackingNumber = "T7" } });
        status.ShouldBe(422);
        (await shop.ReadAsync(s => s.Orders.SingleAsync(o => o.Id == order.Id))).ShouldSatisfyAllConditions(o => o.TrackingNumber.ShouldBeNull(), o => o.Version.ShouldBe(1));
    }

    [Fact]
    public async Task The_post_action_set_writes_a_field_people_may_not_write()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        var project = await shop.StartAsync(order);
        var (status, moved) = await shop.SendAsync($"/wfm/projects/{project}/moves", new { transition = "lose", version = 1, input = new { reason = "delivery" } });
        status.ShouldBe(200, moved?.ToJsonString());
        ((int?)moved!["recordVersion"]).ShouldBe(2);
        (await shop.ReadAsync(s => s.Orders.SingleAsync(o => o.Id == order.Id))).ShouldSatisfyAllConditions(o => o.LostReason.ShouldBe("delivery"), o => o.Version.ShouldBe(2));
    }

    [Fact]
    public async Task A_post_action_of_the_host_writes_its_own_rows_in_the_same_transaction()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        var project = await shop.StartAsync(order, pay: true);
        await shop.SendAsync($"/wfm/projects/{project}/moves", new { transition = "ship", version = 2, changes = new { trackingNumber = "T9" } });
        (await shop.ReadAsync(s => s.Labels.Where(l => l.OrderId == order.Id).Select(l => l.Text).ToListAsync())).ShouldBe(["Ann T9"]);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-0000000000aa", 200)] // the owner
    [InlineData("00000000-0000-0000-0000-0000000000bb warehouse", 200)]
    [InlineData("00000000-0000-0000-0000-0000000000bb", 403)]
    public async Task A_relation_of_the_record_or_a_role_lets_somebody_act(string card, int expected)
    {
        var project = await shop.StartAsync(await shop.PlaceAsync(ShopFixture.NewOrder()), pay: true);
        var (status, body) = await shop.SendAsync($"/wfm/projects/{project}/moves", new { transition = "ship", version = 2, changes = new { trackingNumber = "T1" } }, card);
        status.ShouldBe(expected, body?.ToJsonString());
    }

    [Fact]
    public async Task A_record_its_query_filter_hides_cannot_start_nor_move()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        var project = await shop.StartAsync(order);
        await shop.ReadAsync(s => s.Orders.Where(o => o.Id == order.Id).ExecuteUpdateAsync(u => u.SetProperty(o => o.DeletedAt, ShopFixture.Placed.ToUniversalTime())));

        (await shop.SendAsync($"/wfm/projects/{project}/moves", new { transition = "pay", version = 1 })).Status.ShouldBe(404);
        (await shop.SendAsync($"/wfm/projects/{project}/moves", new { transition = "pay", version = 1, changes = new { trackingNumber = "T1" } })).Status.ShouldBe(404);
        (await shop.SendAsync($"/wfm/projects/{project}/transitions")).Status.ShouldBe(404);
        (await shop.SendAsync("/wfm/projects", new { subject = new { type = "order", id = $"{order.Id}" } })).Status.ShouldBe(404);
    }

    [Fact]
    public async Task One_record_has_one_open_project_however_its_key_is_spelt()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        await shop.StartAsync(order);
        (await shop.SendAsync("/wfm/projects", new { subject = new { type = "order", id = $"00{order.Id}" } })).Status.ShouldBe(409);
        (await shop.SendAsync("/wfm/projects", new { subject = new { type = "order", id = "seven" } })).Status.ShouldBe(404);
    }

    [Fact]
    public async Task An_instance_the_host_tracks_is_read_again_after_a_move_that_wrote_it()
    {
        var placed = await shop.PlaceAsync(ShopFixture.NewOrder());
        var project = await shop.StartAsync(placed);
        await using var scope = shop.Services.CreateAsyncScope();
        var order = await scope.ServiceProvider.GetRequiredService<ShopContext>().Orders.SingleAsync(o => o.Id == placed.Id);
        var lose = new MoveCommand(project, "lose", new(ShopFixture.Ann)) { Input = new() { ["reason"] = "price" } };
        (await scope.ServiceProvider.GetRequiredService<MoveEngine>().MoveAsync(lose, default)).ShouldBeOfType<MoveResult.Moved>();
        order.ShouldSatisfyAllConditions(o => o.LostReason.ShouldBe("price"), o => o.Version.ShouldBe(2));
    }

    [Fact]
    public async Task A_past_move_is_noted_at_its_own_time_whatever_its_offset()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        await using var scope = shop.Services.CreateAsyncScope();
        var engine = scope.ServiceProvider.GetRequiredService<MoveEngine>();
        var started = await engine.StartAsync(new(new SubjectRef("order", order.Id), new(ShopFixture.Ann)) { Past = new(ShopFixture.Placed) }, default);
        var project = started.ShouldBeOfType<MoveResult.Moved>().Project;
        var lose = new MoveCommand(project, "lose", new(ShopFixture.Ann)) { Input = new() { ["reason"] = "price" }, Past = new(ShopFixture.Placed.AddHours(1)) };
        (await engine.MoveAsync(lose, default)).ShouldBeOfType<MoveResult.Moved>();
        (await shop.ReadAsync(s => s.Orders.SingleAsync(o => o.Id == order.Id))).UpdatedAt.ShouldBe(ShopFixture.Placed.AddHours(1));
    }

    [Fact]
    public async Task Rows_of_the_package_are_read_only_and_saving_one_says_why()
    {
        var project = await shop.StartAsync(await shop.PlaceAsync(ShopFixture.NewOrder()));
        await using var scope = shop.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopContext>();
        await using var transaction = await db.Database.BeginWorkspaceAsync(Workspace.Default);
        var row = await db.Set<ProjectRow>().SingleAsync(p => p.Id == project);
        db.Entry(row).Property(p => p.Step).CurrentValue = "shipped";
        (await Should.ThrowAsync<InvalidOperationException>(() => db.SaveChangesAsync())).Message.ShouldContain("ProjectRow is read-only: projects move through MoveEngine");
        Should.Throw<InvalidOperationException>(() => db.SaveChanges());
    }
}
