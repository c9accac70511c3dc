using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;
using Crm.Wfm.Flows.Studio;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Host.Tests.Elsa;

/// <summary>A host that lets designers draw, run and publish flows who may not publish bundles.</summary>
public sealed class DesignersHost : CrmHost
{
    public Studio Designer { get; private set; } = null!;

    public Studio Publisher { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Designer = new(Admin.Client, await KeyAsync(Workspace, "designer", "sales-rep"));
        Publisher = new(Admin.Client, await KeyAsync(Workspace, "admin"));
    }

    protected override void Configure(WebApplicationBuilder builder) =>
        builder.Services.PostConfigure<ElsaApiOptions>(o => o.RightsOf = (_, actor) => actor.Roles.Contains("designer") || actor.Roles.Contains("admin") ? ElsaRights.All : ElsaRights.Look);
}

/// <summary>A flow acts in no role that nobody lent it: whoever publishes bundles lends any, others those they have.</summary>
public sealed class LentRolesTests(DesignersHost host) : IClassFixture<DesignersHost>
{
    [Fact]
    public async Task A_designer_publishes_flows_that_act_in_their_own_roles_and_in_no_other()
    {
        var deal = await host.Rep.DealAsync();

        foreach (var (roles, syntax, reason) in new[]
        {
            ("sales-manager", "Literal", "acts in the role 'sales-manager', which is published by somebody who has it, or the role 'admin'"),
            ("""["sales-rep", "admin"]""", "Object", "acts in the role 'admin'"),
            ("'sales-' + 'manager'", "JavaScript", "roles that are computed are lent by somebody in the role 'admin' alone"),
        })
        {
            (await host.Designer.PostAsync("/workflow-definitions", new { model = Move(deal, roles, syntax), publish = true })).Reasons.ShouldHaveSingleItem().ShouldContain(reason);
        }

        (await host.Designer.DrawAsync(Drawing.Name(), Steps(deal, "sales-rep", "Literal"), publish: true))["isPublished"]!.GetValue<bool>().ShouldBeTrue();
        (await StepAsync(deal)).ShouldBe("qualification");
    }

    [Fact]
    public async Task A_draft_that_acts_in_a_role_runs_only_once_it_is_lent()
    {
        var deal = await host.Rep.DealAsync();
        var draft = await host.Designer.DrawAsync(Drawing.Name(), Steps(deal, "sales-manager", "Literal"));
        var path = $"/workflow-definitions/{draft["definitionId"]}";

        (await host.Designer.PostAsync($"{path}/publish", new { })).Reasons.ShouldHaveSingleItem().ShouldContain("acts in the role 'sales-manager'");
        var refused = await host.Designer.PostAsync($"{path}/execute", new { versionOptions = "Latest" });
        refused.Headers["x-elsa-workflow-cannot-start"].ShouldBe("true");
        refused.Ok["reasons"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldContain("acts in the role 'sales-manager'");
        (await host.Designer.PostAsync("/tests/activities", new { workflowDefinitionHandle = new { definitionVersionId = draft["id"] }, activityHandle = new { activityId = "Move" } })).Text.ShouldContain("acts in the role");
        (await StepAsync(deal)).ShouldBe("qualification");

        // Who publishes bundles says by publishing it that the flow may; what is published is anybody's to start who may start runs.
        (await host.Publisher.PostAsync($"{path}/publish", new { })).Ok.ShouldNotBeNull();
        await host.Designer.UntilAsync(await host.Designer.RunAsync(draft), "Finished");
        (await StepAsync(deal)).ShouldBe("initial-contact");
        draft["description"] = "Now it is another one";
        (await host.Designer.PostAsync("/workflow-definitions", new { model = draft, publish = true })).Reasons.ShouldHaveSingleItem().ShouldContain("acts in the role 'sales-manager'");
    }

    [Fact]
    public async Task No_other_flow_runs_such_a_draft_as_a_part_of_itself_or_starts_it()
    {
        var deal = await host.Rep.DealAsync();
        var name = Drawing.Name("Mover");
        var draft = await host.Designer.DrawAsync(name, Steps(deal, "sales-manager", "Literal"), new { options = new { usableAsActivity = true } });
        var starter = await host.Designer.DrawAsync(Drawing.Name(), Drawing.Chart([Once(Drawing.Activity("Call", "Elsa.ExecuteWorkflow", ("workflowDefinitionId", "Literal", draft["definitionId"]!.GetValue<string>()), ("waitForCompletion", "Literal", "true")))]), publish: true);
        var user = await host.Designer.DrawAsync(Drawing.Name(), Drawing.Chart([Once(Drawing.Activity("Part", name.Replace(" ", "", StringComparison.Ordinal)))]), publish: true);

        foreach (var flow in new[] { starter, user })
        {
            var run = await host.Designer.RunAsync(flow);
            await host.Designer.UntilAsync(run, "Faulted");
            (await host.Admin.GetAsync($"/api/v1/runs/{run}"))["run"]["error"]!.GetValue<string>().ShouldContain("is a draft that acts in roles: it has to be published first");
        }

        (await host.AskAsync<bool>("select has_run from wfm_flows.definition where workspace_id = $1 and definition_id = $2", host.Workspace, draft["definitionId"]!.GetValue<string>())).ShouldBeFalse();
        (await StepAsync(deal)).ShouldBe("qualification");

        static JsonObject Once(JsonObject activity)
        {
            activity["customProperties"] = new JsonObject { ["retry"] = new JsonObject { ["max"] = 0 } };
            return activity;
        }
    }

    private static JsonObject Move(Answer deal, string roles, string syntax) => Drawing.Model(Drawing.Name(), Steps(deal, roles, syntax));

    private static JsonObject Steps(Answer deal, string roles, string syntax) =>
        Drawing.Chart([Drawing.Activity("Move", "Wfm.MoveProject", ("subject", "Literal", $"deal/{deal["id"]}"), ("transition", "Literal", "contact"), ("roles", syntax, roles))]);

    private async Task<string> StepAsync(Answer deal) => (await host.Rep.GetAsync($"/api/v1/deals/{deal["id"]}"))["step"].GetValue<string>();
}
