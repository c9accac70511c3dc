using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Crm.Wfm.Flows.Running;

namespace Crm.Wfm.Flows.Tests.Running;

/// <summary>What a host can trace and measure of its flows.</summary>
public sealed class FlowTelemetryTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    [Fact]
    public async Task A_run_continues_the_trace_of_the_request_that_caused_its_event_and_so_do_the_events_it_tells()
    {
        var spans = new ConcurrentBag<Activity>();
        using var source = new ActivitySource("Test.Request");
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is FlowTelemetry.Name or "Test.Request",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened",
            Chart.Line("ticket.opened", Chart.Activity("sleep", "Elsa.Delay", ("timeSpan", Chart.Literal("01:00:00"))), Chart.Activity("tell", "Test.Tell", ("eventType", Chart.Literal("ticket.greeted"))), Chart.Activity("do", "Test.Do")))));
        desk.OnDo = (_, _, _) => throw new InvalidOperationException("bad");
        ActivityTraceId trace;
        using (var request = source.StartActivity("POST /tickets").ShouldNotBeNull())
        {
            trace = request.TraceId;
            await desk.TellAsync(workspace, "ticket.opened");
        }

        await desk.PumpAsync();
        await desk.RunAsync();
        desk.Clock.Now += TimeSpan.FromHours(1);
        await desk.RunAsync();

        var mine = spans.Where(s => s.TraceId == trace && s.Source.Name == FlowTelemetry.Name).ToList();
        mine.Count(s => s.DisplayName == "flow A flow").ShouldBe(2);
        mine.ShouldContain(s => s.DisplayName == "Test.Tell" && s.Parent!.DisplayName == "flow A flow");
        mine.Single(s => s.DisplayName == "Test.Do").Status.ShouldBe(ActivityStatusCode.Error);
        (await desk.AskAsync<string>("select traceparent from wfm.event where workspace_id = $1 and type = 'ticket.greeted'", workspace)).ShouldContain(trace.ToHexString());
    }

    [Fact]
    public async Task Runs_and_how_long_they_were_due_are_measured()
    {
        var measured = new ConcurrentBag<(string Name, double Value, string? Status)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == FlowTelemetry.Name) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => measured.Add((i.Name, value, Status(tags))));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => measured.Add((i.Name, value, Status(tags))));
        listener.Start();
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.measured", Chart.Line("ticket.measured", Chart.WriteLine("line")))));
        await desk.TellAsync(workspace, "ticket.measured");
        await desk.PumpAsync();
        desk.Clock.Now += TimeSpan.FromSeconds(4321);
        await desk.RunAsync();

        measured.ShouldContain(m => m.Name == "wfm.flows.queue.age" && m.Value >= 4321 && m.Value < 4322);
        measured.ShouldContain(m => m.Name == "wfm.flows.runs.started");
        measured.ShouldContain(m => m.Name == "wfm.flows.runs.ended" && m.Status == "finished");
        measured.ShouldContain(m => m.Name == "wfm.flows.activities");
    }

    private static string? Status(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
            if (tag.Key == "status") return tag.Value as string;
        return null;
    }
}
