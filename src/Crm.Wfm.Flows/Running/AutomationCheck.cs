using Crm.Wfm.Bundles;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>Refuses bundles with flows this host could not run as they were drawn.</summary>
public sealed class AutomationCheck : IAutomationCheck
{
    private readonly ActivityCatalog _activities;

    /// <summary>Checks against these activities.</summary>
    public AutomationCheck(ActivityCatalog activities) => _activities = activities;

    /// <inheritdoc/>
    public void Check(Value automation, ICollection<Fault> faults, ICollection<Fault> warnings) => Automation.Read("", automation, Value.Null, _activities, faults, warnings);
}
