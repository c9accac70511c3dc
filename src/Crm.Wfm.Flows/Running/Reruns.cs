using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;

namespace Crm.Wfm.Flows.Running;

/// <summary>Knows from which activities a flow can be run again: where what lies around them can be put to the state it is in when they run.</summary>
internal static class Reruns
{
    /// <summary>Finds an activity by its node id, or by its id where no other has it.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="activity">The id.</param>
    /// <param name="refusal">Why it cannot be run again from there; <c>null</c> when it can.</param>
    public static FlowNode? Find(Flow flow, string activity, out string? refusal)
    {
        var found = flow.Nodes.Where(n => n.Parent is not null && (n.Definition.NodeId == activity || n.Definition.Id == activity)).ToList();
        var node = found.Find(n => n.Definition.NodeId == activity) ?? (found.Count == 1 ? found[0] : null);
        refusal = node is not null ? Refusal(node)
            : found.Count > 1 ? $"Several activities are called '{activity}': {string.Join(", ", found.Select(n => n.Definition.NodeId))}."
            : $"The flow has no activity '{activity}'{Closest.Hint(activity, flow.Nodes.Select(n => n.Definition.Id))}.";
        return refusal is null ? node : null;
    }

    /// <summary>Lists the containers around an activity within the flow, what is outside first, each with what of it lies on the way.</summary>
    public static IEnumerable<(FlowNode Container, FlowNode Child)> Path(FlowNode node)
    {
        var path = new List<(FlowNode, FlowNode)>();
        for (var child = node; child.Parent is { Parent: not null } container; child = container) path.Add((container, child));
        path.Reverse();
        return path;
    }

    // Of loops and branches that run beside each other nobody knows how often, or how far.
    private static string? Refusal(FlowNode node) => Path(node).Select(p => p.Container).FirstOrDefault(c => !CanStand(c)) is { } around
        ? $"'{node.Definition.Id}' lies within '{around.Definition.Id}' ({around.Definition.Type}), whose turns cannot be told: run the flow again from '{around.Definition.Id}'." : null;

    private static bool CanStand(FlowNode container) =>
        container.Descriptor?.Class == typeof(Sequence) || container.Descriptor?.Class == typeof(NodeContainer) || (container.Descriptor?.Class == typeof(Flowchart) && !Flowchart.IsTokenBased(container));
}
