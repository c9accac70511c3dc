using System.Text;
using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Tests.Definitions;

/// <summary>Versions of flows: drafts, published ones, imported ones.</summary>
public sealed class FlowDefinitionsTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    [Fact]
    public async Task A_draft_is_overwritten_and_after_a_published_version_the_next_begins()
    {
        var workspace = await desk.WorkspaceAsync();
        var first = await SaveAsync(workspace, Named("One"));
        first.Summary.ShouldSatisfyAllConditions(d => d.Version.ShouldBe(1), d => d.IsLatest.ShouldBeTrue(), d => d.IsPublished.ShouldBeFalse(), d => d.IsSettled.ShouldBeFalse(), d => d.CreatedBy.ShouldBe(FlowDesk.Ann.Id));
        var again = await SaveAsync(workspace, Named("Two"));
        again.Summary.Id.ShouldBe(first.Summary.Id);
        again.Summary.Version.ShouldBe(1);

        (await PublishAsync(workspace)).ShouldBeOfType<DefinitionResult.Done>().Definition.Summary.IsPublished.ShouldBeTrue();
        (await PublishAsync(workspace)).ShouldBeOfType<DefinitionResult.Done>().Already.ShouldBeTrue();
        var next = await SaveAsync(workspace, Named("Three"));
        next.Summary.Version.ShouldBe(2);
        next.Summary.Id.ShouldNotBe(first.Summary.Id);
        (await FindAsync(workspace, VersionOptions.Published))!.Summary.Name.ShouldBe("Two");
        (await FindAsync(workspace, VersionOptions.Latest))!.Summary.Name.ShouldBe("Three");
        (await FindAsync(workspace, VersionOptions.LatestAndPublished)).ShouldBeNull();

        (await PublishAsync(workspace)).ShouldBeOfType<DefinitionResult.Done>();
        (await FindAsync(workspace, VersionOptions.Of(1)))!.Summary.IsPublished.ShouldBeFalse();
        (await InAsync(workspace, d => d.RevertAsync("flow", 1, FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Done>().Definition.Summary.ShouldSatisfyAllConditions(
            d => d.Version.ShouldBe(3), d => d.Name.ShouldBe("Two"), d => d.IsPublished.ShouldBeFalse());
        (await FindAsync(workspace, VersionOptions.Published))!.Summary.Version.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_published_never_changes_not_even_when_it_is_taken_back()
    {
        var workspace = await desk.WorkspaceAsync();
        await SaveAsync(workspace, Named("One"), publish: true);
        (await InAsync(workspace, d => d.RetractAsync("flow", FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Done>().Already.ShouldBeFalse();
        (await InAsync(workspace, d => d.RetractAsync("flow", FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Done>().Already.ShouldBeTrue();
        (await SaveAsync(workspace, Named("Two"))).Summary.Version.ShouldBe(2);
        (await FindAsync(workspace, VersionOptions.Of(1)))!.Summary.Name.ShouldBe("One");
    }

    [Fact]
    public async Task The_same_content_again_makes_no_version()
    {
        var workspace = await desk.WorkspaceAsync();
        var published = await SaveAsync(workspace, Named("One"), publish: true);
        var again = await SaveAsync(workspace, Named("One"));
        again.Summary.Id.ShouldBe(published.Summary.Id);
        again.Summary.IsPublished.ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_says_what_was_edited_does_not_overwrite_another()
    {
        var workspace = await desk.WorkspaceAsync();
        var read = (await SaveAsync(workspace, Named("One"))).Summary;
        var another = (await SaveAsync(workspace, Named("Two"))).Summary;
        var stale = await InAsync(workspace, d => d.SaveAsync(new(Named("Three")) { EditedVersion = read.Version, EditedHash = read.ContentHash }, FlowDesk.Ann, default));
        stale.ShouldBeOfType<DefinitionResult.Conflict>().Current.Name.ShouldBe("Two");
        (await InAsync(workspace, d => d.SaveAsync(new(Named("Three")) { EditedVersion = 1, EditedHash = another.ContentHash }, FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Done>();
    }

    [Fact]
    public async Task What_could_not_run_is_saved_and_not_published_and_every_fault_is_told()
    {
        var workspace = await desk.WorkspaceAsync();
        var odd = Chart.Flow([Chart.Activity("a", "Elsa.Telepathy"), Chart.WriteLine("b", Chart.Input("Python", "1"))], "a>b").Value();
        var saved = (await InAsync(workspace, d => d.SaveAsync(new(odd), FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Done>();
        saved.Faults.Select(f => $"{f.Pointer} {f.Key}").ShouldBe(["/root/activities/0/type unknown-activity", "/root/activities/1/text/expression/type expression"], ignoreOrder: true);
        (await PublishAsync(workspace)).ShouldBeOfType<DefinitionResult.Faulty>().Faults.Count.ShouldBe(2);
        (await InAsync(workspace, d => d.SaveAsync(new(odd) { DefinitionId = "other", Publish = true }, FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Faulty>();
        (await InAsync(workspace, d => d.FindAsync("other", VersionOptions.All, default))).ShouldBeNull();
        (await InAsync(workspace, d => d.SaveAsync(new(Value.Parse("""{"root": 3}""")), FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Faulty>().Faults.Single().Pointer.ShouldBe("/root");
        (await InAsync(workspace, d => d.SaveAsync(new(Named("One")) { DefinitionId = "a/b" }, FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Faulty>().Faults.Single().Pointer.ShouldBe("/definitionId");
    }

    [Theory]
    [InlineData("Elsa.Cron", "cronExpression", "0 0 25 * * *", "cron")]
    [InlineData("Elsa.Cron", "cronExpression", "0 9 * * *", "cron")]
    [InlineData("Elsa.Cron", "cronExpression", "0 0 0 30 2 *", "cron")]
    [InlineData("Elsa.Timer", "interval", "00:00:00", "value")]
    public async Task A_time_that_never_comes_is_refused(string type, string input, string given, string fault)
    {
        var workspace = await desk.WorkspaceAsync();
        var flow = Chart.Flow([Trigger("t", type, (input, Chart.Literal(given)))]).Value();
        (await InAsync(workspace, d => d.SaveAsync(new(flow) { Publish = true }, FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Faulty>().Faults.Select(f => $"{f.Pointer} {f.Key}")
            .ShouldContain($"/root/activities/0/{input} {fault}");
    }

    [Theory]
    [InlineData("Elsa.Cron", "cronExpression", "0 0 25 * * *", "cron")]
    [InlineData("Elsa.Cron", "cronExpression", "0 0 0 30 2 *", "cron")]
    [InlineData("Elsa.Cron", "cronExpression", null, "required")]
    [InlineData("Elsa.StartAt", "dateTime", null, "required")]
    [InlineData("Elsa.Delay", "timeSpan", null, "required")]
    [InlineData("Elsa.Delay", "timeSpan", "soon", "value")]
    public async Task A_wait_that_could_not_be_waited_is_refused(string type, string input, string? given, string fault)
    {
        var workspace = await desk.WorkspaceAsync();
        var flow = Chart.Flow([Chart.Activity("wait", type, given is null ? [] : [(input, Chart.Literal(given))])]).Value();
        (await InAsync(workspace, d => d.SaveAsync(new(flow) { Publish = true }, FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Faulty>().Faults.Select(f => $"{f.Pointer} {f.Key}")
            .ShouldBe([$"/root/activities/0/{input} {fault}"]);
    }

    [Fact]
    public async Task What_starts_a_flow_is_literal()
    {
        var workspace = await desk.WorkspaceAsync();
        var flow = Chart.Flow([Trigger("t", "Elsa.Timer", ("interval", Chart.Logic("""{"cat": ["PT1", "H"]}""")))]).Value();
        (await InAsync(workspace, d => d.SaveAsync(new(flow) { Publish = true }, FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Faulty>().Faults.Single().Pointer.ShouldBe("/root/activities/0/interval");
    }

    [Fact]
    public async Task A_document_comes_back_as_it_was_given_but_for_what_versions_say()
    {
        const string document = """
            {"$schema": "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json", "id": "kept-id", "definitionId": "odd", "name": "Ödd ☃", "version": 7, "isLatest": false, "isPublished": true,
             "toolVersion": "3.8.0.0", "customProperties": {"VariableTestValues": {"x": [1, 2.50, 1e3, null]}, "": {}}, "extensions": [[], [{}], true], "outcomes": ["Approved"], "inputs": null,
             "options": {"usableAsActivity": true, "activationStrategyType": "Elsa.Workflows.ActivationValidators.SingletonStrategy, Elsa.Workflows.Core"},
             "root": {"type": "Elsa.Flowchart", "id": "f", "activities": [{"id": "n", "type": "Vendor.Unheard", "version": 2, "whatever": {"typeName": null, "expression": {"type": "Liquid", "value": "{{ x }}"}}}], "connections": []}}
            """;
        var workspace = await desk.WorkspaceAsync();
        var import = await InAsync(workspace, d => d.ImportAsync(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(document)).ToArray(), null, FlowDesk.Ann, default));
        var done = import.Result.ShouldBeOfType<DefinitionResult.Done>();
        done.Faults.ShouldHaveSingleItem().Message.ShouldContain("Vendor.Unheard");
        done.Definition.Summary.ShouldSatisfyAllConditions(d => d.Id.ShouldBe("kept-id"), d => d.Version.ShouldBe(1), d => d.TypeName.ShouldBe("Ödd☃"), d => d.ToolVersion.ShouldBe("3.8.0.0"));

        var exported = (await InAsync(workspace, d => d.ExportAsync(["kept-id"], false, default))).Single().Document;
        Normal(exported).ShouldBe(Normal(Value.Parse(document)));
        exported["version"].AsNumber.ShouldBe(1);
        // Into another workspace, and out of it once more: to the byte.
        var elsewhere = await desk.WorkspaceAsync();
        await InAsync(elsewhere, d => d.ImportAsync(exported, null, FlowDesk.Ann, default));
        CanonicalJson.Text((await InAsync(elsewhere, d => d.ExportAsync(["kept-id"], false, default))).Single().Document).ShouldBe(CanonicalJson.Text(exported));
        // A version of its own is given where the id is taken.
        (await InAsync(workspace, d => d.ImportAsync(exported, "another", FlowDesk.Ann, default))).Result.ShouldBeOfType<DefinitionResult.Done>().Definition.Summary.Id.ShouldNotBe("kept-id");
    }

    [Fact]
    public async Task A_document_without_ids_is_a_new_flow()
    {
        var workspace = await desk.WorkspaceAsync();
        var document = Value.Parse("""{"root": {"type": "Elsa.WriteLine", "id": "w"}}""");
        var first = (await InAsync(workspace, d => d.ImportAsync(document, null, FlowDesk.Ann, default))).Result.ShouldBeOfType<DefinitionResult.Done>().Definition.Summary;
        var second = (await InAsync(workspace, d => d.ImportAsync(document, null, FlowDesk.Ann, default))).Result.ShouldBeOfType<DefinitionResult.Done>().Definition.Summary;
        second.DefinitionId.ShouldNotBe(first.DefinitionId);
        first.Name.ShouldBe(first.DefinitionId);
    }

    [Fact]
    public async Task Flows_are_listed_searched_ordered_and_paged()
    {
        var workspace = await desk.WorkspaceAsync();
        foreach (var name in new[] { "Beta", "alpha", "Gamma" }) await SaveAsync(workspace, Named(name), id: name);
        await SaveAsync(workspace, Named("Beta"), publish: true, id: "Beta");
        await SaveAsync(workspace, Named("Beta again"), id: "Beta");
        var page = await InAsync(workspace, d => d.ListAsync(new() { OrderBy = DefinitionOrder.Name, Take = 2 }, default));
        page.Items.Select(i => i.Name).ShouldBe(["alpha", "Beta again"]);
        page.TotalCount.ShouldBe(3);
        (await InAsync(workspace, d => d.ListAsync(new() { OrderBy = DefinitionOrder.Name, Skip = 2, Take = 2 }, default))).Items.Single().Name.ShouldBe("Gamma");
        (await InAsync(workspace, d => d.ListAsync(new() { Search = "LPH" }, default))).Items.Single().Name.ShouldBe("alpha");
        (await InAsync(workspace, d => d.ListAsync(new() { Versions = VersionOptions.All, DefinitionIds = ["Beta"], OrderBy = DefinitionOrder.Version, IsDescending = true }, default))).Items.Select(i => i.Version).ShouldBe([2, 1]);
        (await InAsync(workspace, d => d.ListAsync(new() { Versions = VersionOptions.LatestOrPublished }, default))).TotalCount.ShouldBe(4);
        (await InAsync(workspace, d => d.IsNameUniqueAsync("ALPHA", null, default))).ShouldBeFalse();
        (await InAsync(workspace, d => d.IsNameUniqueAsync("ALPHA", "alpha", default))).ShouldBeTrue();
        (await InAsync(workspace, d => d.FreeNameAsync("Gamma", default))).ShouldBe("Gamma 2");
    }

    [Fact]
    public async Task Another_workspaces_flows_are_not_there()
    {
        var (mine, theirs) = (await desk.WorkspaceAsync(), await desk.WorkspaceAsync());
        var saved = (await SaveAsync(mine, Named("Mine"), publish: true)).Summary;
        (await FindAsync(theirs, VersionOptions.All)).ShouldBeNull();
        (await InAsync(theirs, d => d.FindVersionAsync(saved.Id, default))).ShouldBeNull();
        (await InAsync(theirs, d => d.ListAsync(new(), default))).TotalCount.ShouldBe(0);
        (await PublishAsync(theirs)).ShouldBeOfType<DefinitionResult.NotFound>();
        (await InAsync(theirs, d => d.RetractAsync("flow", FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.NotFound>();
        (await InAsync(theirs, d => d.DeleteAsync("flow", default))).ShouldBeOfType<DeleteResult.NotFound>();
        (await InAsync(theirs, d => d.DeleteVersionAsync(saved.Id, default))).ShouldBeOfType<DeleteResult.NotFound>();
        (await InAsync(theirs, d => d.IsNameUniqueAsync("Mine", null, default))).ShouldBeTrue();
        (await SaveAsync(theirs, Named("Theirs"))).Summary.Version.ShouldBe(1);
        (await FindAsync(mine, VersionOptions.Latest))!.Summary.Name.ShouldBe("Mine");
    }

    [Fact]
    public async Task Of_many_who_save_and_publish_at_once_each_version_is_whole_and_one_is_published()
    {
        var workspace = await desk.WorkspaceAsync();
        await SaveAsync(workspace, Named("start"), publish: true);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
        {
            (await InAsync(workspace, d => d.SaveAsync(new(Named($"by {i}")) { Publish = i % 2 == 0 }, FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Done>();
            (await PublishAsync(workspace)).ShouldBeOfType<DefinitionResult.Done>();
        })));
        var all = (await InAsync(workspace, d => d.ListAsync(new() { Versions = VersionOptions.All, OrderBy = DefinitionOrder.Version }, default))).Items;
        all.Select(v => v.Version).ShouldBe(Enumerable.Range(1, all.Count));
        all.Single(v => v.IsPublished).Version.ShouldBe(all.Count);
        all.Single(v => v.IsLatest).Version.ShouldBe(all.Count);
        (await desk.AskAsync<long>("select count(*) from wfm_flows.trigger t where t.workspace_id = $1", workspace)).ShouldBe(1);
    }

    [Fact]
    public async Task A_flow_is_not_deleted_while_it_runs_and_its_ended_runs_go_with_it()
    {
        var workspace = await desk.WorkspaceAsync();
        await SaveAsync(workspace, Named("One"), publish: true);
        await desk.TellAsync(workspace, "ticket.opened");
        await desk.PumpAsync();
        (await InAsync(workspace, d => d.DeleteAsync("flow", default))).ShouldBeOfType<DeleteResult.InUse>().Runs.ShouldBe(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["flow finished"]);
        (await InAsync(workspace, d => d.DeleteAsync("flow", default))).ShouldBe(new DeleteResult.Deleted(1, 1));
        (await desk.RunsAsync(workspace)).ShouldBeEmpty();
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.RunsAsync(workspace)).ShouldBeEmpty();
    }

    [Fact]
    public async Task When_the_latest_version_is_deleted_the_one_before_is_the_latest()
    {
        var workspace = await desk.WorkspaceAsync();
        await SaveAsync(workspace, Named("One"), publish: true);
        var second = await SaveAsync(workspace, Named("Two"));
        (await InAsync(workspace, d => d.DeleteVersionAsync(second.Summary.Id, default))).ShouldBe(new DeleteResult.Deleted(1, 0));
        (await FindAsync(workspace, VersionOptions.Latest))!.Summary.Version.ShouldBe(1);
        (await SaveAsync(workspace, Named("Three"))).Summary.Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_flow_used_as_an_activity_is_followed_by_those_who_use_it()
    {
        var workspace = await desk.WorkspaceAsync();
        var part = Part("say", "Say hello");
        await SaveAsync(workspace, part, publish: true, id: "part");
        var whole = Chart.Flow([Chart.Activity("p", "SayHello")]).Value();
        await SaveAsync(workspace, whole, publish: true, id: "whole");
        (await InAsync(workspace, d => d.ListUsableAsync(default))).Single().Latest.TypeName.ShouldBe("SayHello");
        (await InAsync(workspace, d => d.ListConsumersAsync("part", default))).Single().DefinitionId.ShouldBe("whole");
        var used = (await InAsync(workspace, d => d.FindAsync("part", VersionOptions.Latest, default)))!.Summary.Id;
        (await InAsync(workspace, d => d.ExportAsync([used], true, default))).Select(e => e.Summary.DefinitionId).ShouldBe(["part", "whole"]);

        var published = (await InAsync(workspace, d => d.SaveAsync(new(Part("wave", "Say hello")) { DefinitionId = "part", Publish = true }, FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Done>();
        published.ConsumerCount.ShouldBe(1);
        published.UpdatedConsumers.ShouldBe(["whole"]);
        var follower = (await InAsync(workspace, d => d.FindAsync("whole", VersionOptions.Published, default)))!;
        follower.Summary.Version.ShouldBe(2);
        follower.Document["root"]["activities"].AsList[0]["workflowDefinitionVersionId"].AsText.ShouldBe(published.Definition.Summary.Id);
    }

    [Fact]
    public async Task A_route_belongs_to_one_flow_even_when_two_are_published_at_once()
    {
        var workspace = await desk.WorkspaceAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => InAsync(workspace, d => d.SaveAsync(new(Endpoint($"orders/{{id{i}}}")) { DefinitionId = $"flow-{i}", Publish = true }, FlowDesk.Ann, default)))));
        results.OfType<DefinitionResult.Done>().ShouldHaveSingleItem();
        results.OfType<DefinitionResult.Faulty>().Select(f => f.Faults.Single()).ShouldAllBe(f => f.Pointer == "/root/activities/0/path" && f.Key == "duplicate-route");
        (await desk.AskAsync<string[]>("select array_agg(key) from wfm_flows.trigger where workspace_id = $1", workspace)).ShouldBe(["GET orders/{}"]);
    }

    [Fact]
    public async Task A_bundles_flow_is_published_with_it_and_by_it_alone()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened"))), ("part", FlowDesk.On("ticket.closed", Chart.Line("ticket.closed"))));
        var first = (await InAsync(workspace, d => d.FindAsync("tickets.greet", VersionOptions.Published, default)))!.Summary;
        first.ShouldSatisfyAllConditions(d => d.Version.ShouldBe(1), d => d.Bundle.ShouldBe("tickets"), d => d.IsReadOnly.ShouldBeTrue());
        (await InAsync(workspace, d => d.SaveAsync(new(Named("Mine")) { DefinitionId = "tickets.greet" }, FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.ReadOnly>().Bundle.ShouldBe("tickets");
        (await InAsync(workspace, d => d.RetractAsync("tickets.greet", FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.ReadOnly>();
        (await InAsync(workspace, d => d.DeleteAsync("tickets.greet", default))).ShouldBeOfType<DeleteResult.ReadOnly>();

        await desk.PublishAsync(workspace, ("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Chart.WriteLine("more")))));
        (await InAsync(workspace, d => d.FindAsync("tickets.greet", VersionOptions.Published, default)))!.Summary.Version.ShouldBe(2);
        (await InAsync(workspace, d => d.FindAsync("tickets.part", VersionOptions.Published, default))).ShouldBeNull();
    }

    [Fact]
    public async Task Flows_of_bundles_that_were_published_before_the_tables_were_there_are_taken_up_when_they_are()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened"))));
        await desk.AskAsync<object>("with gone as (delete from wfm_flows.definition where workspace_id = $1 returning 1) select count(*) from gone", workspace);
        await using var scope = desk.Scope(workspace);
        await BundleDefinitions.AdoptAsync(scope.ServiceProvider, default);
        await BundleDefinitions.AdoptAsync(scope.ServiceProvider, default);
        (await InAsync(workspace, d => d.ListAsync(new() { Versions = VersionOptions.Published }, default))).Items.Single().DefinitionId.ShouldBe("tickets.greet");
    }

    internal static JsonObject Trigger(string id, string type, params (string Name, JsonNode? Value)[] members)
    {
        var trigger = Chart.Activity(id, type, members);
        trigger["customProperties"] = new JsonObject { ["canStartWorkflow"] = true };
        return trigger;
    }

    private static Value Endpoint(string path) => Chart.Flow([Trigger("e", "Elsa.HttpEndpoint", ("path", Chart.Literal(path)))]).Value();

    private static Value Named(string name)
    {
        var flow = Chart.Line("ticket.opened");
        flow["name"] = name;
        return flow.Value();
    }

    private static Value Part(string line, string name)
    {
        var flow = Chart.Flow([Chart.WriteLine(line)]);
        (flow["name"], flow["options"]) = (name, new JsonObject { ["usableAsActivity"] = true, ["autoUpdateConsumingWorkflows"] = true });
        return flow.Value();
    }

    private static string Normal(Value document)
    {
        var json = document.ToJson()!.AsObject();
        foreach (var member in new[] { "id", "definitionId", "version", "isLatest", "isPublished", "isReadonly", "createdAt" }) json.Remove(member);
        return CanonicalJson.Text(Value.From(json));
    }

    private async Task<StoredDefinition> SaveAsync(Guid workspace, Value document, bool publish = false, string id = "flow") =>
        (await InAsync(workspace, d => d.SaveAsync(new(document) { DefinitionId = id, Publish = publish }, FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Done>().Definition;

    private Task<DefinitionResult> PublishAsync(Guid workspace) => InAsync(workspace, d => d.PublishAsync("flow", FlowDesk.Ann, default));

    private Task<StoredDefinition?> FindAsync(Guid workspace, VersionOptions version) => InAsync(workspace, d => d.FindAsync("flow", version, default));

    private async Task<T> InAsync<T>(Guid workspace, Func<FlowDefinitions, Task<T>> work)
    {
        await using var scope = desk.Scope(workspace);
        return await work(scope.ServiceProvider.GetRequiredService<FlowDefinitions>());
    }
}
