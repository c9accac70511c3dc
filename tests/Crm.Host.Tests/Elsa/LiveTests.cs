using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Accounts;
using Crm.Host.Tests.Realtime;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Flows.Studio;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Crm.Host.Tests.Elsa;

/// <summary>The hub that tells Elsa Studio of the run it looks at.</summary>
public sealed class LiveTests(ElsaHost host) : IClassFixture<ElsaHost>
{
    private const string Hub = "/elsa/hubs/workflow-instance";

    [Fact]
    public async Task A_run_that_is_looked_at_is_told_until_it_ends()
    {
        var (flow, run) = await SleeperAsync("00:00:02");
        await using var hub = await ConnectAsync(host.Address, host.DesignerKey);
        await hub.TellAsync("ObserveInstanceAsync", run);

        var told = new List<(string Target, JsonNode Argument)>();
        while (!told.Any(t => t.Target == "ActivityExecutionLogUpdatedAsync" && Stats(t.Argument, "After") is { } after && after["completedCount"]!.GetValue<int>() == 1)) told.Add(await hub.NextAsync());
        told.Add(await hub.NextAsync());
        told.Add(await hub.NextAsync());

        told.Select(t => t.Target).Distinct().Order().ShouldBe(["ActivityExecutionLogUpdatedAsync", "WorkflowExecutionLogUpdatedAsync", "WorkflowInstanceUpdatedAsync"]);
        told.Last(t => t.Target == "WorkflowInstanceUpdatedAsync").Argument["workflowInstanceId"]!.GetValue<string>().ShouldBe(run);
        told.Last(t => t.Target == "WorkflowExecutionLogUpdatedAsync").Argument.AsObject().ShouldBeEmpty();
        // What was told is what the report says.
        var report = (await host.Designer.PostAsync("/activity-executions/report", new { workflowInstanceId = run, activityNodeIds = new[] { "Workflow1:flow1:After" } })).Ok["stats"]![0]!;
        JsonNode.DeepEquals(report, Stats(told.Last(t => t.Target == "ActivityExecutionLogUpdatedAsync").Argument, "After")).ShouldBeTrue();
        await host.Designer.UntilAsync(run, "Finished");
    }

    [Fact]
    public async Task A_burst_on_another_host_is_told_here_too()
    {
        // This host runs nothing: what it tells, it has seen in the rows.
        await using var watcher = await OtherHost.StartAsync(host, configure: s =>
        {
            foreach (var runner in s.Where(d => d.ServiceType == typeof(IHostedService) && d.ImplementationFactory?.Method.ReturnType == typeof(FlowRunner)).ToList()) s.Remove(runner);
        });
        var (_, run) = await SleeperAsync("01:00:00");
        await host.Designer.UntilAsync(run, "Suspended");
        await using var hub = await ConnectAsync(watcher.As(null).Client.BaseAddress!, host.DesignerKey);
        await hub.TellAsync("ObserveInstanceAsync", run);
        for (var target = ""; target != "WorkflowInstanceUpdatedAsync";) (target, _) = await hub.NextAsync();

        (await host.Designer.PostAsync($"/cancel/workflow-instances/{run}")).Status.ShouldBe(HttpStatusCode.OK);

        for (var target = ""; target != "WorkflowInstanceUpdatedAsync";) (target, _) = await hub.NextAsync();
    }

    [Fact]
    public async Task A_run_that_changes_all_the_time_is_told_at_most_four_times_a_second()
    {
        var loop = Drawing.Activity("Loop", "Elsa.For", ("start", "Literal", "1"), ("end", "Literal", "8"));
        loop["body"] = Drawing.Delay("Blink", "00:00:00.010");
        var flow = await host.Designer.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.Delay("Before", "00:00:01"), loop, Drawing.WriteLine("After")]));
        var run = await host.Designer.RunAsync(flow);
        await using var hub = await ConnectAsync(host.Address, host.DesignerKey);
        var since = Stopwatch.GetTimestamp();
        await hub.TellAsync("ObserveInstanceAsync", run);

        var updates = 0;
        while (true)
        {
            var (target, argument) = await hub.NextAsync();
            if (target != "ActivityExecutionLogUpdatedAsync") continue;
            updates++;
            if (Stats(argument, "After") is not null) break;
        }

        updates.ShouldBeLessThanOrEqualTo((int)(Stopwatch.GetElapsedTime(since) / TimeSpan.FromMilliseconds(250)) + 1);
    }

    [Fact]
    public async Task A_strangers_run_is_not_told_and_nobody_listens_unasked()
    {
        var (_, run) = await SleeperAsync("01:00:00");
        await using var stranger = await ConnectAsync(host.Address, await host.KeyAsync(host.OtherWorkspace, "admin"));

        foreach (var id in new[] { run, "none", $"{Guid.Empty}" }) (await stranger.CallAsync("ObserveInstanceAsync", id))["error"]!.GetValue<string>().ShouldContain("There is no such run");
        (await stranger.CallAsync("ObserveInstanceAsync"))["error"].ShouldNotBeNull();
        await using var viewer = await ConnectAsync(host.Address, await host.KeyAsync(host.Workspace, "sales-rep"));
        (await viewer.CallAsync("ObserveInstanceAsync", run))["error"].ShouldBeNull();
        foreach (var query in new[] { "", "?access_token=nonsense" })
            (await Should.ThrowAsync<WebSocketException>(() => HubClient.OpenAsync(host.Address, Hub, query))).Message.ShouldContain("401");
    }

    [Fact]
    public async Task The_connection_is_negotiated_as_Studio_does()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Hub}/negotiate?negotiateVersion=1");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {host.DesignerKey}");
        using var response = await host.Admin.Client.SendAsync(request);
        var negotiated = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        negotiated["availableTransports"]!.AsArray().Select(t => t!["transport"]!.GetValue<string>()).ShouldBe(["WebSockets"]);
        await using var hub = await HubClient.OpenAsync(host.Address, Hub, $"?id={negotiated["connectionToken"]}&access_token={host.DesignerKey}");
        (await hub.CallAsync("ObserveInstanceAsync", "none"))["error"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_connection_is_closed_when_its_time_is_over()
    {
        await using var other = await OtherHost.StartAsync(host, configure: s => s.Configure<ElsaApiOptions>(o => o.ConnectionLease = TimeSpan.FromSeconds(1)));
        await using var hub = await ConnectAsync(other.As(null).Client.BaseAddress!, host.DesignerKey);

        await hub.HungUpAsync();
    }

    private static Task<HubClient> ConnectAsync(Uri address, string key) => HubClient.OpenAsync(address, Hub, $"?access_token={key}");

    private static JsonNode? Stats(JsonNode argument, string activity) => argument["stats"]!.AsArray().FirstOrDefault(s => s!["activityId"]!.GetValue<string>() == activity);

    private async Task<(JsonObject Flow, string Run)> SleeperAsync(string time)
    {
        var flow = await host.Designer.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.Activity("Begin", "Elsa.Start"), Drawing.Delay("Sleep", time), Drawing.WriteLine("After")]));
        return (flow, await host.Designer.RunAsync(flow));
    }
}
