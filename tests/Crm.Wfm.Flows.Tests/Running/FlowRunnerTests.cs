namespace Crm.Wfm.Flows.Tests.Running;

/// <summary>From an event to what its flow has done.</summary>
public sealed class FlowRunnerTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    [Fact]
    public async Task An_event_starts_the_flow_that_listens_to_it_and_its_effects_are_there()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket/opened",
            Chart.Activity("note", "Test.Note", ("text", Chart.Template("Hello {{event.data.name}}, by {{event.actorid}}")))))));

        await desk.TellAndRunAsync(workspace, "ticket.opened", """{"name": "Bob & Sons"}""");
        await desk.TellAndRunAsync(workspace, "ticket.closed");

        (await desk.NotesAsync(workspace)).ShouldBe([$"Hello Bob & Sons, by {FlowDesk.Ann.Id}"]);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished 1"]);
        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", "note Done"]);
    }
}
