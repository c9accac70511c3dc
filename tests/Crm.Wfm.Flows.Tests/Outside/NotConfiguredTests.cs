using Crm.Wfm.Bundles;
using Crm.Wfm.Flows.Definitions;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Tests.Outside;

public sealed class NotConfiguredTests(OutsideDesk desk) : IClassFixture<OutsideDesk>
{
    [Theory]
    [InlineData("Wfm.SendEmail", "to", "this host sends no mail: it has no mail server (Wfm:Flows:Mail:Host)")]
    [InlineData("Elsa.SendEmail", "to", "this host sends no mail: it has no mail server (Wfm:Flows:Mail:Host)")]
    [InlineData("Wfm.AskAI", "prompt", "this host asks no language model: no IChatClient is registered")]
    public async Task A_flow_that_needs_what_the_host_lacks_is_not_published(string type, string input, string why)
    {
        var workspace = await desk.WorkspaceAsync();
        var result = await desk.PublishAsync(workspace, ("outside", FlowDesk.On(OutsideDesk.Type, Chart.Line(OutsideDesk.Type, Chart.Activity("do", type, (input, Chart.Literal("ann@shop.example")))))));
        result.ShouldBeOfType<PublishResult.Faulty>().Faults.Select(f => $"{f.Pointer} {f.Key}: {f.Message}").ShouldBe([$"/automations/outside/flow/root/activities/1/type not-configured: {why}"]);
    }

    [Fact]
    public async Task A_flow_of_its_own_is_not_published_either()
    {
        await using var scope = desk.Scope(await desk.WorkspaceAsync());
        var flow = Chart.Line(OutsideDesk.Type, Chart.Activity("do", "Wfm.AskAI", ("prompt", Chart.Literal("How?"))), Chart.Activity("send", "Elsa.FlowSendHttpRequest", ("url", Chart.Literal("/orders"))));
        var result = await scope.ServiceProvider.GetRequiredService<FlowDefinitions>().SaveAsync(new(flow.Value()) { Publish = true }, FlowDesk.Ann, default);
        result.ShouldBeOfType<DefinitionResult.Faulty>().Faults.Select(f => $"{f.Pointer} {f.Key}").ShouldBe(["/root/activities/2/url value", "/root/activities/1/type not-configured"]);
    }

    [Theory]
    [InlineData("Elsa.FlowSendHttpRequest", "url", "ftp://shop.example")]
    [InlineData("Elsa.SendHttpRequest", "url", "/orders")]
    [InlineData("Elsa.SendHttpRequest", "url", "https://ann:secret@shop.example")]
    public async Task An_address_that_is_none_is_refused_when_it_is_published(string type, string input, string value)
    {
        var workspace = await desk.WorkspaceAsync();
        var result = await desk.PublishAsync(workspace, ("outside", FlowDesk.On(OutsideDesk.Type, Chart.Line(OutsideDesk.Type, Chart.Activity("do", type, (input, Chart.Literal(value)))))));
        result.ShouldBeOfType<PublishResult.Faulty>().Faults.Select(f => $"{f.Pointer} {f.Key}").ShouldBe([$"/automations/outside/flow/root/activities/1/{input} value"]);
    }
}
