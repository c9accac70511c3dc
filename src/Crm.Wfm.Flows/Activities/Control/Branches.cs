using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Runs one of two branches that lie within it.</summary>
[FlowActivity("Elsa.If", "Branching", "Runs one branch when the condition holds, else the other.", Ports = ["then", "else"])]
internal sealed class If : Container
{
    [FlowInput("What decides.")]
    public bool Condition { get; init; }

    [FlowOutput("Whether the condition held.")]
    public bool Result { get; }

    public override void Start(ContainerContext at)
    {
        at.Give("result", Value.From(Condition));
        if (at.Node.ChildrenIn(Condition ? "then" : "else").FirstOrDefault() is { } branch) at.Schedule(branch);
        else at.Complete();
    }

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes) => at.Complete();
}

/// <summary>Runs the branches of the cases that hold.</summary>
[FlowActivity("Elsa.Switch", "Branching", "Runs the branch of the first case that holds, or of all that do.", Ports = ["cases", "default"])]
internal sealed class Switch : Container
{
    [FlowInput("The cases: each a label, a condition and a branch.", IsLazy = true)]
    public Value Cases { get; init; }

    [FlowInput("Whether the first case that holds is taken, or all.", Options = ["MatchFirst", "MatchAny"])]
    public string Mode { get; init; } = "MatchFirst";

    public override void Start(ContainerContext at)
    {
        var matching = at.Node.Cases.Index().Where(c => InputValues.Truth(at.Evaluate(c.Item.Condition))).ToList();
        if (Mode == "MatchFirst") matching = [.. matching.Take(1)];
        List<FlowNode> branches = matching.Count > 0
            ? [.. matching.SelectMany(c => at.Node.ChildrenIn($"cases/{c.Index}"))]
            : [.. at.Node.ChildrenIn("default")];
        foreach (var branch in branches) at.Schedule(branch);
        if (branches.Count == 0) at.Complete();
    }

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes)
    {
        if (at.IsBreaking || (!at.HasPending && !at.HasFaulted)) at.Complete();
    }
}
