using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Moves;

namespace Crm.Wfm.Flows.Activities;

/// <summary>
/// Roles a flow acts in. Who publishes bundles says who may do what, and may lend any; everybody else only those they have themselves. That is looked at where a version is settled, which is before its
/// first run: a version that has run, or is published, never changes again.
/// </summary>
internal static class LentRoles
{
    /// <summary>Tells whether a flow acts in any.</summary>
    public static bool HasAny(Flow flow) => In(flow).Any();

    /// <summary>Finds the roles somebody cannot lend.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="actor">Who publishes it, or starts its draft.</param>
    /// <param name="publisherRole">The role that may lend any.</param>
    /// <param name="faults">Takes what was found.</param>
    public static void Check(Flow flow, Actor actor, string publisherRole, ICollection<Wfm.Fault> faults)
    {
        if (actor.Id == Actor.System.Id || actor.Roles.Contains(publisherRole)) return;
        foreach (var (node, input) in In(flow))
        {
            var place = node.Definition.Place[input.Name];
            if (node.IsComputed(input.Name)) faults.Add(place.Fault("role", $"roles that are computed are lent by somebody in the role '{publisherRole}' alone: write them out"));
            else if (Projects.Names(node.Known(input.Name), input.Name).FirstOrDefault(r => !actor.Roles.Contains(r)) is { } role)
                faults.Add(place.Fault("role", $"acts in the role '{role}', which is published by somebody who has it, or the role '{publisherRole}'"));
        }
    }

    private static IEnumerable<(FlowNode Node, ActivityInput Input)> In(Flow flow) =>
        from node in flow.Nodes
        from input in node.Descriptor?.Inputs ?? []
        where input.LendsRoles && (node.IsComputed(input.Name) || !node.Known(input.Name).IsNull)
        select (node, input);
}
