using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Runs its activities one after the other.</summary>
[FlowActivity("Elsa.Sequence", "Workflows", "Runs activities one after the other.", Ports = ["activities"], IsBrowsable = false)]
internal sealed class Sequence : Container
{
    public override void Start(ContainerContext at) => Next(at, 0);

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes)
    {
        if (at.IsBreaking || child.Node.Descriptor?.IsTerminal == true) at.Complete();
        else Next(at, (int)at.State["index"].AsNumber + 1);
    }

    public override void StandAt(ContainerContext at, FlowNode child) =>
        at.State = Value.From(FactObject.Empty.With("index", Value.From(at.Node.ChildrenIn("activities").ToList().IndexOf(child))));

    private static void Next(ContainerContext at, int index)
    {
        if (at.Node.ChildrenIn("activities").ElementAtOrDefault(index) is not { } next)
        {
            at.Complete();
            return;
        }

        at.State = Value.From((at.State.AsObject ?? FactObject.Empty).With("index", Value.From(index)));
        at.Schedule(next);
    }
}

/// <summary>Runs all of its activities, in turns, and goes on when the last has completed.</summary>
[FlowActivity("Elsa.Parallel", "Workflows", "Runs activities beside each other.", Ports = ["activities"], IsBrowsable = false)]
internal sealed class Parallel : Container
{
    public override void Start(ContainerContext at)
    {
        foreach (var child in at.Node.Children) at.Schedule(child);
        if (at.Node.Children.Count == 0) at.Complete();
    }

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes)
    {
        if (!at.HasPending && !at.HasFaulted) at.Complete();
    }
}

/// <summary>Runs its activities beside each other; what a <c>Container</c> of Elsa's holds.</summary>
[FlowActivity("Elsa.Container", "Workflows", "Activities that belong together.", Ports = ["activities"], IsBrowsable = false)]
internal sealed class PlainContainer : Container
{
    public override void Start(ContainerContext at)
    {
        foreach (var child in at.Node.Children) at.Schedule(child);
        if (at.Node.Children.Count == 0) at.Complete();
    }

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes)
    {
        if (!at.HasPending && !at.HasFaulted) at.Complete();
    }
}

/// <summary>Branches that run beside each other.</summary>
[FlowActivity("Elsa.Fork", "Branching", "Runs branches beside each other and waits for all of them, or for one.", Ports = ["branches"], IsBrowsable = false)]
internal sealed class Fork : Container
{
    [FlowInput("Whether to wait for all branches or for the first.", Options = ["WaitAll", "WaitAny"])]
    public string JoinMode { get; init; } = "WaitAll";

    public override void Start(ContainerContext at)
    {
        foreach (var branch in at.Node.ChildrenIn("branches")) at.Schedule(branch);
        if (!at.Node.ChildrenIn("branches").Any()) at.Complete();
    }

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes)
    {
        if (at.IsBreaking || JoinMode == "WaitAny" || (!at.HasPending && !at.HasFaulted)) at.Complete();
    }
}

/// <summary>Runs the one activity that lies within it.</summary>
[FlowActivity("Elsa.FlowNode", "Flow", "Runs the activity that lies within it.", Title = "Container", Ports = ["body"])]
internal sealed class NodeContainer : Container
{
    public override void Start(ContainerContext at)
    {
        if (at.Node.Children is [var body, ..]) at.Schedule(body);
        else at.Complete();
    }

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes) => at.Complete();

    public override void StandAt(ContainerContext at, FlowNode child)
    {
    }
}
