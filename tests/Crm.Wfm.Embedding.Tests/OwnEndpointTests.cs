using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Crm.Wfm.Events;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shop;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>A host's own endpoints, made with the package's parts.</summary>
public sealed class OwnEndpointTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task Record_its_events_and_its_project_commit_together()
    {
        var (status, order) = await shop.SendAsync("/orders", new { total = 20, currency = "EUR" });

        status.ShouldBe(201);
        ((string?)order!["step"]).ShouldBe("placed");
        (await EventsAsync((int)order["id"]!)).ShouldBe(["shop.order.placed", "wfm.project.started"]);
    }

    [Fact]
    public async Task Handler_that_answers_a_problem_has_written_nothing()
    {
        var before = await CountAsync();

        (await shop.SendAsync("/orders", new { total = 950_000, currency = "EUR" })).Status.ShouldBe(409);

        (await CountAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Faults_of_a_body_are_told_with_their_places_nested_ones_too()
    {
        var (status, problem) = await shop.SendAsync("/orders", new { total = -1, currency = "EURO", shipTo = new { city = "" } });

        status.ShouldBe(400);
        problem!["faults"]!.AsArray().Select(f => (string?)f!["pointer"]).Order().ShouldBe(["/currency", "/shipTo/city", "/total"]);
        (await shop.SendAsync("/orders", new { total = 1, currency = "EUR", shipTo = new { city = "Ulm", planet = "Mars" } })).Body!["faults"]![0]!["pointer"]!.GetValue<string>().ShouldBe("/shipTo/planet");
    }

    [Fact]
    public async Task Patch_changes_what_is_sent_and_checks_the_whole()
    {
        var id = (int)(await shop.SendAsync("/orders", new { total = 20, currency = "EUR" })).Body!["id"]!;

        (await PatchAsync(id, """{"total": 30, "version": 1}""")).ShouldBe((200, 30));
        (await PatchAsync(id, """{"total": 31, "version": 1}""")).Status.ShouldBe(409);
        (await PatchAsync(id, """{"currency": null}""")).Status.ShouldBe(400); // a merge patch takes away what is null, and there has to be a currency
        (await PatchAsync(id, """{"step": "shipped"}""")).Status.ShouldBe(400);
        (await PatchAsync(id, """{"version": "1"}""")).Status.ShouldBe(400);
        (await PatchAsync(id, "[]")).Status.ShouldBe(400);
        (await PatchAsync(id, "{}")).ShouldBe((200, 30));
    }

    [Fact]
    public async Task Record_is_moved_by_its_own_id()
    {
        var id = (int)(await shop.SendAsync("/orders", new { total = 20, currency = "EUR" })).Body!["id"]!;

        var transitions = (await shop.SendAsync($"/orders/{id}/transitions")).Body!;
        var moved = await shop.SendAsync($"/orders/{id}/moves", new { transition = "pay", version = 1 });
        var history = (await shop.SendAsync($"/orders/{id}/history")).Body!;

        transitions["transitions"]!.AsArray().Select(t => (string?)t!["key"]).ShouldBe(["pay", "lose"]);
        moved.Status.ShouldBe(200);
        history["items"]!.AsArray().Select(h => (string?)h!["to"]).ShouldBe(["placed", "paid"]);
        (await shop.SendAsync("/orders/4711/transitions")).Status.ShouldBe(404);
        (await shop.SendAsync("/orders/none/history")).Status.ShouldBe(404);
        (await shop.SendAsync($"/orders/{id}/moves", new { transition = "pay", version = 1 }, card: "ann")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task After_its_project_was_completed_the_last_one_is_meant()
    {
        var id = (int)(await shop.SendAsync("/orders", new { total = 20, currency = "EUR" })).Body!["id"]!;
        await shop.SendAsync($"/orders/{id}/moves", new { transition = "lose", version = 1, input = new { reason = "price" } });

        ((string?)(await shop.SendAsync($"/orders/{id}/transitions")).Body!["step"]).ShouldBe("lost");
        var again = await shop.StartAsync(await shop.ReadAsync(s => s.Orders.AsNoTracking().SingleAsync(o => o.Id == id)));
        ((Guid?)(await shop.SendAsync($"/orders/{id}/transitions")).Body!["project"]).ShouldBe(again);
        (await shop.ReadAsync(s => s.Orders.SingleAsync(o => o.Id == id))).ShouldSatisfyAllConditions(o => o.Project.ShouldBe(again), o => o.Step.ShouldBe("placed"));
    }

    [Fact]
    public async Task Mirror_follows_every_move_and_leaves_version_and_last_change()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        var project = await shop.StartAsync(order, pay: true);

        var mirrored = await shop.ReadAsync(s => s.Orders.SingleAsync(o => o.Id == order.Id));

        mirrored.ShouldSatisfyAllConditions(
            o => o.Project.ShouldBe(project), o => o.Step.ShouldBe("paid"), o => o.Version.ShouldBe(1), o => o.UpdatedBy.ShouldBe(order.UpdatedBy),
            o => o.StepEnteredAt.ShouldNotBeNull());
        (await EventsAsync(order.Id)).ShouldBe(["wfm.project.started", "wfm.project.moved", "shop.order.moved"]);
    }

    [Fact]
    public async Task Tracked_record_shows_where_its_project_stands()
    {
        var order = await shop.PlaceAsync(ShopFixture.NewOrder());
        await using var scope = shop.Services.CreateAsyncScope();
        var tracked = await scope.ServiceProvider.GetRequiredService<ShopContext>().Orders.SingleAsync(o => o.Id == order.Id);
        var engine = scope.ServiceProvider.GetRequiredService<MoveEngine>();

        var started = (await engine.StartAsync(new(new SubjectRef("order", order.Id), new Actor(ShopFixture.Ann)), default)).ShouldBeOfType<MoveResult.Moved>();
        tracked.Step.ShouldBe("placed");
        await engine.MoveAsync(new(started.Project, "pay", new Actor(ShopFixture.Ann)), default);
        tracked.Step.ShouldBe("paid");
    }

    [Fact]
    public async Task Members_of_a_json_column_are_merged_and_null_takes_one_away()
    {
        var order = ShopFixture.NewOrder();
        order.Wishes = """{"ribbon": "red", "card": "yes"}""";
        var project = await shop.StartAsync(await shop.PlaceAsync(order));

        var moved = await shop.SendAsync($"/wfm/projects/{project}/moves", new { transition = "pay", version = 1, changes = new { wishes = new { ribbon = "blue", card = (string?)null, size = 3 } } });
        var wrong = await shop.SendAsync($"/wfm/projects/{project}/moves", new { transition = "lose", version = 2, input = new { reason = "price" }, changes = new { wishes = "none" } });

        moved.Status.ShouldBe(200, moved.Body?.ToJsonString());
        wrong.Body!["faults"]![0]!["pointer"]!.GetValue<string>().ShouldBe("/changes/wishes");
        var wishes = (await shop.ReadAsync(s => s.Orders.SingleAsync(o => o.Id == order.Id))).Wishes;
        JsonNode.DeepEquals(JsonNode.Parse(wishes), JsonNode.Parse("""{"ribbon": "blue", "size": 3}""")).ShouldBeTrue(wishes);
    }

    [Theory]
    [InlineData("wfm.order.moved")]
    [InlineData("moved")]
    [InlineData("Shop Moved")]
    public async Task Event_types_of_the_package_or_of_no_form_are_refused(string type)
    {
        await using var scope = shop.Services.CreateAsyncScope();
        var events = scope.ServiceProvider.GetRequiredService<EventEmitter>();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<ShopContext>().Database.BeginWorkspaceAsync(Workspace.Default);

        await Should.ThrowAsync<ArgumentException>(() => events.EmitAsync([new(type, new("order", 1), Value.Null)], Actor.System, DateTimeOffset.UnixEpoch, null, default));
    }

    [Fact]
    public async Task Events_without_a_transaction_are_refused()
    {
        await using var scope = shop.Services.CreateAsyncScope();
        var events = scope.ServiceProvider.GetRequiredService<EventEmitter>();

        await Should.ThrowAsync<InvalidOperationException>(() => events.EmitAsync([new("shop.order.placed", new("order", 1), Value.Null)], Actor.System, DateTimeOffset.UnixEpoch, null, default));
    }

    private async Task<IReadOnlyList<string>> EventsAsync(int order) =>
        [.. (await shop.SendAsync($"/wfm/events?subject=order/{order}")).Body!["items"]!.AsArray().Select(e => (string)e!["type"]!).Reverse()];

    private async Task<(int, int, int)> CountAsync() => await shop.ReadAsync(async s =>
    {
        await using var transaction = await s.Database.BeginWorkspaceAsync(Workspace.Default);
        return (await s.Orders.CountAsync(), await s.Set<ProjectRow>().CountAsync(), await s.Set<EventRow>().CountAsync());
    });

    private async Task<(int Status, decimal? Total)> PatchAsync(int id, string patch)
    {
        using var client = shop.Client(ShopFixture.Ann.ToString());
        using var content = new StringContent(patch, System.Text.Encoding.UTF8, "application/merge-patch+json");
        using var response = await client.PatchAsync(new Uri($"/orders/{id}", UriKind.Relative), content);
        return ((int)response.StatusCode, (decimal?)(await response.Content.ReadFromJsonAsync<JsonNode>())?["total"]);
    }
}
