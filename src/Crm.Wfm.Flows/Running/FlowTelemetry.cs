using System.Diagnostics;
using System.Diagnostics.Metrics;
using Crm.Wfm.Flows.Persistence;

namespace Crm.Wfm.Flows.Running;

/// <summary>
/// What hosts can measure and trace: the meter and the activity source <c>Crm.Wfm.Flows</c>. A run's spans continue the trace of the request that caused the event that
/// started it, however much later they are; the outside is called, and events are told, within them.
/// </summary>
public static class FlowTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Crm.Wfm.Flows";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Started = Meter.CreateCounter<long>("wfm.flows.runs.started", "{run}", "Runs that were begun.");
    private static readonly Counter<long> Ended = Meter.CreateCounter<long>("wfm.flows.runs.ended", "{run}", "Runs that came to an end, by status.");
    private static readonly Counter<long> Activities = Meter.CreateCounter<long>("wfm.flows.activities", "{activity}", "What activities did, by type and kind.");
    private static readonly Counter<long> FailedBursts = Meter.CreateCounter<long>("wfm.flows.bursts.failed", "{burst}", "Bursts that failed otherwise than in an activity.");
    private static readonly Histogram<double> Age = Meter.CreateHistogram<double>("wfm.flows.queue.age", "s", "How long runs were due when they were claimed.");
    private static readonly Histogram<double> Calls = Meter.CreateHistogram<double>("wfm.flows.calls.duration", "s", "How long the outside took, by type of activity.");

    internal static void Claimed(IEnumerable<ClaimedRun> runs, DateTimeOffset now)
    {
        if (!Age.Enabled) return;
        foreach (var run in runs) Age.Record(Math.Max(0, (now - run.Due).TotalSeconds));
    }

    internal static void Committed(IReadOnlyList<BurstRun> done)
    {
        foreach (var run in done)
        {
            var state = run.Checkpoint.State;
            if (run.IsBegun) Started.Add(1);
            if (state.Status is not (RunStatus.Pending or RunStatus.Suspended)) Ended.Add(1, Tag("status", RunStore.Name(state.Status)));
            if (!Activities.Enabled) continue;
            foreach (var entry in state.Journal) Activities.Add(1, Tag("type", entry.Type), Tag("kind", entry.Kind.ToString().ToLowerInvariant()));
        }
    }

    internal static void DeadLettered() => Ended.Add(1, Tag("status", "faulted"));

    internal static void Failed() => FailedBursts.Add(1);

    internal static void Called(string type, TimeSpan duration) => Calls.Record(duration.TotalSeconds, Tag("type", type));

    internal static Activity? StartBurst(RunState run, string? flow)
    {
        if (!Source.HasListeners()) return null;
        ActivityContext.TryParse(run.Event?.Traceparent ?? run.Traceparent, null, isRemote: true, out var cause);
        return Source.StartActivity($"flow {flow}", ActivityKind.Consumer, cause, [new("wfm.run", run.Id), new("wfm.workspace", run.Workspace), new("wfm.flow", flow)]);
    }

    internal static Activity? StartActivity(RunState run, Execution execution) => Start(run, execution, ActivityKind.Internal, default);

    // Called between two bursts, when the burst's own span has ended.
    internal static Activity? StartCall(RunState run, Execution execution) =>
        ActivityContext.TryParse(run.Event?.Traceparent ?? run.Traceparent, null, isRemote: true, out var cause) ? Start(run, execution, ActivityKind.Client, cause) : Start(run, execution, ActivityKind.Client, default);

    internal static void Fail(Activity? span, Exception e) => span?.SetStatus(ActivityStatusCode.Error, Failures.Text(e));

    private static Activity? Start(RunState run, Execution execution, ActivityKind kind, ActivityContext cause)
    {
        if (!Source.HasListeners()) return null;
        var definition = execution.Node.Definition;
        return Source.StartActivity(definition.Type, kind, cause, [new("wfm.run", run.Id), new("wfm.activity", definition.NodeId), new("wfm.attempt", execution.Attempt)]);
    }

    private static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);
}
