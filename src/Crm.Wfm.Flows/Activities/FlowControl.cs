namespace Crm.Wfm.Flows.Activities;

/// <summary>Where a flow begins that no trigger began.</summary>
[FlowActivity("Elsa.Start", "Flow", "Marks where the flow begins.")]
internal sealed class Start : IFlowActivity
{
    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult(ActivityResult.Done);
}

/// <summary>Ends the flowchart, whatever else was still to run.</summary>
[FlowActivity("Elsa.End", "Flow", "Ends the flowchart; what is still to run does not.", Outcomes = [])]
internal sealed class End : IFlowActivity
{
    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult<ActivityResult>(new ActivityResult.Ended());
}

/// <summary>Ends the whole flow. The same as <see cref="End"/>, as long as the root is the only flowchart there is.</summary>
[FlowActivity("Elsa.Finish", "Primitives", "Ends the flow; what is still to run does not.", Outcomes = [])]
internal sealed class Finish : IFlowActivity
{
    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult<ActivityResult>(new ActivityResult.Ended());
}

/// <summary>Goes on by one of two ways.</summary>
[FlowActivity("Elsa.FlowDecision", "Branching", "Goes on by True when the condition holds, else by False.", Title = "Decision", Outcomes = ["True", "False"])]
internal sealed class FlowDecision : IFlowActivity
{
    [FlowInput("What decides.")]
    public bool Condition { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) =>
        Task.FromResult<ActivityResult>(new ActivityResult.Completed(Condition ? "True" : "False"));
}
