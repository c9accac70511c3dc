using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Starts a flow in a run of its own, and goes on with what it gives out, or at once.</summary>
[FlowActivity("Elsa.ExecuteWorkflow", "Composition", "Runs another flow; waits for its end, or goes on at once.", Title = "Execute workflow", IsPure = true)]
internal sealed class ExecuteWorkflow : IResumableActivity
{
    [FlowInput("The flow: its definition id.", Hint = "workflow-definition-picker")]
    public required string WorkflowDefinitionId { get; init; }

    [FlowInput("The correlation id of its run.")]
    public string? CorrelationId { get; init; }

    [FlowInput("Its inputs by name.", Hint = "dictionary")]
    public Value Input { get; init; }

    [FlowInput("Whether to wait for its end.")]
    public bool WaitForCompletion { get; init; }

    [FlowOutput("{workflowInstanceId, status, output}, output holding what it gave out by name, which is also found in the result itself.")]
    public Value Result { get; private set; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var run = flow.Dispatch(ChildRuns.Request(flow.Run, WorkflowDefinitionId, Input, CorrelationId, WaitForCompletion));
        if (WaitForCompletion) return Task.FromResult<ActivityResult>(new ActivityResult.Suspended(new Wait.For(Signals.RunEnded(run))));
        Result = ResultOf(run, "Running", FactObject.Empty);
        return Task.FromResult(ActivityResult.Done);
    }

    public Task<ActivityResult> ResumeAsync(FlowContext flow, Happened happened, CancellationToken ct)
    {
        Result = ResultOf(Signals.EndedRun(happened.Signal!), "Finished", ChildRuns.Output(WorkflowDefinitionId, happened).AsObject ?? FactObject.Empty);
        return Task.FromResult(ActivityResult.Done);
    }

    // In Elsa it is this object for a child that ends at once, and the outputs alone for one that waited: expressions written for either find what they look for.
    private static Value ResultOf(Guid run, string status, FactObject output) =>
        Value.From(new FactObjectBuilder(output) { ["workflowInstanceId"] = Value.From(run), ["status"] = Value.From(status), ["output"] = Value.From(output) }.Build());
}

/// <summary>Starts a flow in a run of its own, and goes on at once, or with what it gives out.</summary>
[FlowActivity("Elsa.DispatchWorkflow", "Composition", "Starts another flow; goes on at once, or waits for its end.", Title = "Dispatch workflow", IsPure = true)]
internal sealed class DispatchWorkflow : IResumableActivity
{
    [FlowInput("The flow: its definition id.", Hint = "workflow-definition-picker")]
    public required string WorkflowDefinitionId { get; init; }

    [FlowInput("The correlation id of its run.")]
    public string? CorrelationId { get; init; }

    [FlowInput("Its inputs by name.", Hint = "dictionary")]
    public Value Input { get; init; }

    [FlowInput("Whether to wait for its end.")]
    public bool WaitForCompletion { get; init; }

    [FlowInput("Kept for Elsa; here every run is traced back to what started it.")]
    public bool StartNewTrace { get; init; }

    [FlowInput("Kept for Elsa; here all runs wait in one line.")]
    public string? ChannelName { get; init; }

    [FlowOutput("What it gave out by name; nothing without waiting.")]
    public Value Result { get; private set; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var run = flow.Dispatch(ChildRuns.Request(flow.Run, WorkflowDefinitionId, Input, CorrelationId, WaitForCompletion));
        return Task.FromResult(WaitForCompletion ? new ActivityResult.Suspended(new Wait.For(Signals.RunEnded(run))) : ActivityResult.Done);
    }

    public Task<ActivityResult> ResumeAsync(FlowContext flow, Happened happened, CancellationToken ct)
    {
        Result = ChildRuns.Output(WorkflowDefinitionId, happened);
        return Task.FromResult(ActivityResult.Done);
    }
}

/// <summary>Runs that runs start.</summary>
internal static class ChildRuns
{
    /// <summary>Makes the request for a child, which as in Elsa is told whose it is.</summary>
    public static NewRunRequest Request(Guid parent, string definitionId, Value input, string? correlationId, bool isAwaited)
    {
        if (!input.IsNull && input.AsObject is null) throw new FlowException("input is no object of inputs by name");
        return new(definitionId, Value.From((input.AsObject ?? FactObject.Empty).With("ParentInstanceId", Value.From(parent))), correlationId, isAwaited);
    }

    /// <summary>Takes what a child gave out.</summary>
    /// <exception cref="DrawnFault">It did not come to its end; it has been tried as often as it is to be.</exception>
    public static Value Output(string definitionId, Happened happened) => happened.Payload["status"].AsText is "finished"
        ? happened.Payload["output"]
        : throw new DrawnFault($"the flow '{definitionId}' ended {happened.Payload["status"].AsText}{(happened.Payload["error"].AsText is { } error ? $": {error}" : "")}");
}
