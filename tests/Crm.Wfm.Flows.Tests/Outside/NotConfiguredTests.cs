using Crm.Wfm.Bundles;

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
