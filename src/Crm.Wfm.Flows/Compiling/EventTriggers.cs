using Crm.Wfm.Flows.Activities;

namespace Crm.Wfm.Flows.Compiling;

/// <summary>The events a bundle's flow can begin with; what the automation listens to and what its flow does have to agree.</summary>
internal static class EventTriggers
{
    /// <summary>Finds the triggers, by the type they listen to.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="types">The types the automation listens to.</param>
    /// <param name="faults">Receives what does not agree, with pointers relative to the definition.</param>
    public static Dictionary<string, string> Find(Flow flow, IReadOnlyList<string> types, ICollection<Fault> faults)
    {
        var triggers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in Of(flow).Where(n => n.Descriptor!.Class == typeof(EventTrigger)))
        {
            var name = node.Definition.Place["eventName"];
            if (node.Known("eventName").AsText is not { } listened) faults.Add(name.Fault("expression", "the type of an event that starts a flow is a literal"));
            else if (!types.Contains(EventTrigger.Canonical(listened))) faults.Add(name.Fault("unknown-reference", $"the automation is not started on '{listened}'"));
            else if (!triggers.TryAdd(EventTrigger.Canonical(listened), node.Definition.NodeId)) faults.Add(name.Fault("duplicate-trigger", $"another trigger listens to '{listened}' already"));
        }

        if (triggers.Count == 0) return triggers;
        foreach (var type in types.Where(t => !triggers.ContainsKey(t))) faults.Add(new("/root/activities", "no-trigger", $"no trigger of the flow listens to '{type}'"));
        return triggers;
    }

    /// <summary>Lists what can start a flow: its root, or what lies directly in it.</summary>
    public static IEnumerable<FlowNode> Of(Flow flow) => flow.Workflow.Children[0].Children.Prepend(flow.Workflow.Children[0]).Where(n => n.Descriptor?.IsTrigger == true && n.Definition.CanStart);
}
