using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Where a flow begins that no trigger began.</summary>
[FlowActivity("Elsa.Start", "Flow", "Marks where the flow begins.", IsPure = true)]
internal sealed class Start : IFlowActivity
{
    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult(ActivityResult.Done);
}

/// <summary>Ends the flowchart or sequence it lies in, whatever else was still to run.</summary>
[FlowActivity("Elsa.End", "Flow", "Ends the flowchart; what is still to run in it does not.", IsTerminal = true, IsPure = true)]
internal sealed class End : IFlowActivity
{
    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult(ActivityResult.Done);
}

/// <summary>Ends the whole run.</summary>
[FlowActivity("Elsa.Finish", "Primitives", "Ends the run; what is still to run does not.", IsTerminal = true, IsPure = true)]
internal sealed class Finish : IFlowActivity
{
    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult<ActivityResult>(new ActivityResult.Ended());
}

/// <summary>Ends the flow it lies in: the run, or the flow used as an activity, which is left by the outcomes given.</summary>
[FlowActivity("Elsa.Complete", "Composition", "Ends the flow it lies in, which is left by these outcomes where another flow uses it.", IsTerminal = true, IsPure = true)]
internal sealed class Complete : IFlowActivity
{
    [FlowInput("The outcome, or several.", Hint = "outcome-picker")]
    public Value Outcomes { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult<ActivityResult>(new ActivityResult.CompositeCompleted(Names()));

    private List<string> Names()
    {
        var names = new List<string>();
        if (Outcomes.AsText is { Length: > 0 } one && Definitions.TypeNames.Convert(Outcomes, "Object[]") is null) names.Add(one);
        else if (!Outcomes.IsNull) foreach (var name in ForEach.ItemsOf(Outcomes)) names.Add(name.AsText ?? name.ToString());
        return names;
    }
}

/// <summary>Ends the loop around it.</summary>
[FlowActivity("Elsa.Break", "Looping", "Ends the loop around it.", IsTerminal = true, IsPure = true)]
internal sealed class Break : IFlowActivity
{
    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult<ActivityResult>(new ActivityResult.Broken());
}

/// <summary>Goes on by one of two ways.</summary>
[FlowActivity("Elsa.FlowDecision", "Branching", "Goes on by True when the condition holds, else by False.", Title = "Decision", Outcomes = ["True", "False"], IsPure = true)]
internal sealed class FlowDecision : IFlowActivity
{
    [FlowInput("What decides.")]
    public bool Condition { get; init; }

    [FlowOutput("Whether it held.")]
    public bool Result => Condition;

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) =>
        Task.FromResult<ActivityResult>(new ActivityResult.Completed(Condition ? "True" : "False"));
}

/// <summary>Goes on by the ways of the cases that hold.</summary>
[FlowActivity("Elsa.FlowSwitch", "Branching", "Goes on by the first case that holds, or by all that do; by Default when none does.", Title = "Switch (flow)", Outcomes = ["Default"], OutcomesFrom = "cases", IsPure = true)]
internal sealed class FlowSwitch : IFlowActivity
{
    [FlowInput("The cases: each a label and a condition.", Hint = "flow-switch-editor", IsLazy = true)]
    public Value Cases { get; init; }

    [FlowInput("Whether the first case that holds is taken, or all.", Options = ["MatchFirst", "MatchAny"])]
    public string Mode { get; init; } = "MatchFirst";

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var matching = flow.MatchingCases().ToList();
        if (Mode == "MatchFirst") matching = [.. matching.Take(1)];
        return Task.FromResult<ActivityResult>(new ActivityResult.Completed(matching is [] ? ["Default"] : matching));
    }
}

/// <summary>Goes on by several ways at once.</summary>
[FlowActivity("Elsa.FlowFork", "Branching", "Goes on by several ways at once.", Title = "Fork (flow)", OutcomesFrom = "branches", IsPure = true)]
internal sealed class FlowFork : IFlowActivity
{
    [FlowInput("The names of the ways.", Hint = "dynamic-outcomes")]
    public Value Branches { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var branches = Branches.IsNull ? [] : ForEach.ItemsOf(Branches);
        return Task.FromResult<ActivityResult>(new ActivityResult.Completed(branches is [] ? ["Done"] : [.. branches.Select(b => b.AsText ?? b.ToString())]));
    }
}

/// <summary>Where branches meet; the flowchart decides when it runs.</summary>
[FlowActivity("Elsa.FlowJoin", "Branching", "Waits until one branch has come, or all.", Title = "Join", IsPure = true)]
internal sealed class FlowJoin : IFlowActivity
{
    [FlowInput("Whether to go on with the first branch, when all have come, or when all that were taken have.", Options = ["WaitAny", "WaitAll", "WaitAllActive"])]
    public string Mode { get; init; } = "WaitAny";

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult(ActivityResult.Done);
}

/// <summary>Faults the run, on purpose.</summary>
[FlowActivity("Elsa.Fault", "Primitives", "Faults the run, on purpose.", IsPure = true)]
internal sealed class Fault : IFlowActivity
{
    [FlowInput("A code to find it by.")]
    public string? Code { get; init; }

    [FlowInput("A category, such as HTTP.")]
    public string? Category { get; init; }

    [FlowInput("A type, such as Business.")]
    public string? FaultType { get; init; }

    [FlowInput("Why.", Hint = "multiline")]
    public string? Message { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) =>
        throw new Running.DrawnFault($"{Category ?? "General"}/{FaultType ?? "System"} {Code ?? "0"}: {Message}");
}
