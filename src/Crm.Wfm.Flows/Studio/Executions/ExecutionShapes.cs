using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Studio;

/// <summary>One time a run came by an activity, as lists show it.</summary>
internal record ExecutionSummary
{
    public required string Id { get; init; }

    public required Guid WorkflowInstanceId { get; init; }

    public required string ActivityId { get; init; }

    public required string ActivityNodeId { get; init; }

    public required string ActivityType { get; init; }

    public int ActivityTypeVersion { get; } = 1;

    public required string ActivityName { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required bool HasBookmarks { get; init; }

    public required string Status { get; init; }

    public required int AggregateFaultCount { get; init; }

    public required DateTimeOffset? CompletedAt { get; init; }

    public string? SchedulingActivityExecutionId { get; init; }

    public string? SchedulingActivityId { get; init; }

    public Guid? SchedulingWorkflowInstanceId { get; init; }

    public int CallStackDepth { get; init; }

    public IReadOnlyDictionary<string, object> Metadata { get; } = new Dictionary<string, object>();

    public static ExecutionSummary Of(RunTrace trace, TracedExecution execution) => Fill(trace, execution, e => new ExecutionSummary
    {
        Id = Ids.Of(trace.Run, e.Id), WorkflowInstanceId = trace.Run, ActivityId = e.ActivityId, ActivityNodeId = e.NodeId, ActivityType = e.Type, ActivityName = e.Name,
        StartedAt = e.StartedAt, HasBookmarks = e.IsWaiting, Status = e.Status, AggregateFaultCount = e.Failures, CompletedAt = e.EndedAt,
    });

    protected static T Fill<T>(RunTrace trace, TracedExecution execution, Func<TracedExecution, T> make)
        where T : ExecutionSummary
    {
        var depth = 0;
        for (var around = execution.Within; around is not null; around = around.Within) depth++;
        return make(execution) with
        {
            SchedulingActivityExecutionId = execution.Within is { } within ? Ids.Of(trace.Run, within.Id) : null,
            SchedulingActivityId = execution.Within?.ActivityId,
            SchedulingWorkflowInstanceId = execution.Within is null ? null : trace.Run,
            CallStackDepth = depth,
        };
    }
}

/// <summary>One time a run came by an activity, with what it was given and gave out.</summary>
internal sealed record ExecutionRecord : ExecutionSummary
{
    public required Value ActivityState { get; init; }

    public required IReadOnlyDictionary<string, object> Payload { get; init; }

    public required Value Outputs { get; init; }

    public required ExecutionFailure? Exception { get; init; }

    public IReadOnlyDictionary<string, object> Properties { get; } = new Dictionary<string, object>();

    public static new ExecutionRecord Of(RunTrace trace, TracedExecution execution) => Fill(trace, execution, e => new ExecutionRecord
    {
        Id = Ids.Of(trace.Run, e.Id), WorkflowInstanceId = trace.Run, ActivityId = e.ActivityId, ActivityNodeId = e.NodeId, ActivityType = e.Type, ActivityName = e.Name,
        StartedAt = e.StartedAt, HasBookmarks = e.IsWaiting, Status = e.Status, AggregateFaultCount = e.Failures, CompletedAt = e.EndedAt,
        ActivityState = ElsaMembers.Pascal(e.Entries is [.., { } last] ? last.Inputs : e.Open?.Inputs ?? Value.Null),
        Payload = e.Entries is [.., { } ended] ? ElsaMembers.Payload(ended) : new Dictionary<string, object>(),
        Outputs = ElsaMembers.Pascal(e.Entries is [.., { } given] ? given.Outputs : Value.Null),
        Exception = ExecutionFailure.Of(e.Entries.FindLast(j => j.Kind is Running.JournalKind.Faulted or Running.JournalKind.Retrying)?.Message),
    });
}

/// <summary>Why an activity failed.</summary>
internal sealed record ExecutionFailure(string Type, string Message)
{
    public string? StackTrace { get; }

    public object? InnerException { get; }

    public static ExecutionFailure? Of(string? message) => message is null ? null : new("Failure", message);
}

/// <summary>The ids by which Studio asks for executions again.</summary>
internal static class Ids
{
    public static string Of(Guid run, int execution) => $"{run:N}-{execution}";

    /// <summary>Reads an id; nothing where it is none of ours.</summary>
    public static (Guid Run, int Execution)? Parse(string? id) =>
        id?.Split('-') is [var run, var number] && Guid.TryParseExact(run, "N", out var found) && int.TryParse(number, System.Globalization.NumberStyles.None, null, out var execution) ? (found, execution) : null;
}

internal static class ElsaMembers
{
    /// <summary>Names members as descriptors do.</summary>
    public static Value Pascal(Value members)
    {
        var named = new FactObjectBuilder();
        foreach (var (name, value) in members.AsObject ?? FactObject.Empty) named[ElsaNames.Pascal(name)] = value;
        return Value.From(named.Build());
    }

    /// <summary>Tells by what an activity went on.</summary>
    public static Dictionary<string, object> Payload(Running.JournalEntry entry) =>
        entry.Kind == Running.JournalKind.Completed ? new() { ["Outcomes"] = entry.Outcomes, ["Milliseconds"] = entry.Duration.TotalMilliseconds } : [];
}
