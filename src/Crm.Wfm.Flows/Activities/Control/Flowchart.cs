using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Running;

namespace Crm.Wfm.Flows.Activities;

/// <summary>
/// Activities and connections between them. Runs as Elsa's flowcharts do, by counters; by tokens where an activity in it says how branches merge
/// (<c>customProperties.mergeMode</c>) or the flowchart's <c>customProperties</c> say <c>"executionMode": "TokenBased"</c>.
/// </summary>
[FlowActivity("Elsa.Flowchart", "Flow", "Activities and connections between them.", Ports = ["activities"], IsBrowsable = false)]
internal sealed class Flowchart : Container
{
    public override void Start(ContainerContext at)
    {
        if (StartOf(at.Node, at.Trigger) is { } start) at.Schedule(start);
        else at.Complete();
    }

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes)
    {
        if (child.Node.Descriptor?.IsTerminal == true) at.Complete();
        else if (IsTokenBased(at.Node)) new Tokens(at).Follow(child.Node, outcomes);
        else new Counters(at).Follow(child.Node, outcomes, child.IsAgain);
    }

    public override void StandAt(ContainerContext at, FlowNode child) => new Counters(at).StandAt(child);

    public override void Cancelled(ContainerContext at, FlowNode child)
    {
        if (IsTokenBased(at.Node)) new Tokens(at).Forget(child);
        else new Counters(at).Follow(child, [], isAgain: false);
    }

    /// <summary>Says where a flowchart starts: the trigger that fired, else a start, else what can start the flow, else what nothing leads to, else the first.</summary>
    public static FlowNode? StartOf(FlowNode chart, string? trigger)
    {
        var targets = chart.Definition.Connections.Select(c => c.Target).ToHashSet();
        return chart.Children.FirstOrDefault(n => n.Definition.NodeId == trigger)
            ?? chart.Children.FirstOrDefault(n => n.Definition.Type == "Elsa.Start")
            ?? chart.Children.FirstOrDefault(n => n.Definition.CanStart)
            ?? chart.Children.FirstOrDefault(n => !targets.Contains(n.Definition.Id))
            ?? (chart.Children is [var first, ..] ? first : null);
    }

    public static bool IsTokenBased(FlowNode chart) => chart.Definition.Source["customProperties"]["executionMode"].AsText switch
    {
        "TokenBased" => true,
        "CounterBased" => false,
        _ => chart.Children.Any(c => Tokens.MergeMode(c) is not null),
    };

    /// <summary>Gets the connections as seen from where this run of the flowchart started.</summary>
    public static ChartGraph GraphOf(ContainerContext at) => at.Node.Graphs.GetOrAdd(StartOf(at.Node, at.Trigger)!.Definition.Id, id => new(at.Node.Definition.Connections, id));
}
