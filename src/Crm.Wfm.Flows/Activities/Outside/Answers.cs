using Crm.Wfm.Flows.Running;

namespace Crm.Wfm.Flows.Activities;

/// <summary>What lies within an activity that has spoken with the outside: what was drawn for what came of it runs, then the activity is done.</summary>
internal sealed class Answers : Container
{
    public override void Start(ContainerContext at)
    {
        var scheduled = false;
        foreach (var member in at.State.AsList)
        {
            foreach (var child in at.Node.Children.Where(c => c.Port.Equals(member.AsText, StringComparison.OrdinalIgnoreCase)).ToList())
            {
                at.Schedule(child);
                scheduled = true;
            }
        }

        if (!scheduled) at.Complete();
    }

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes)
    {
        if (at.IsBreaking || (!at.HasPending && !at.HasFaulted)) at.Complete();
    }
}
