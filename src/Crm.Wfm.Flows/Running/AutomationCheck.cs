using Crm.Wfm.Bundles;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Running;

/// <summary>Refuses bundles with flows this host could not run as they were drawn.</summary>
public sealed class AutomationCheck : IAutomationCheck
{
    private readonly ActivityCatalog _activities;
    private readonly IServiceScopeFactory? _host;

    /// <summary>Checks against these activities.</summary>
    /// <param name="activities">The activities.</param>
    /// <param name="host">The host the flows are to run on, which then has to have what their activities need; <c>null</c> to check without one.</param>
    public AutomationCheck(ActivityCatalog activities, IServiceScopeFactory? host = null) => (_activities, _host) = (activities, host);

    /// <inheritdoc/>
    public IReadOnlyCollection<string>? Check(Value automation, ICollection<Fault> faults, ICollection<Fault> warnings)
    {
        if (Automation.Read("", automation, Value.Null, _activities, faults, warnings).Flow is not { } flow) return [];
        var found = new List<Fault>();
        ActivityChecks.Check(flow, found);
        if (_host is not null)
        {
            using var scope = _host.CreateScope();
            ActivityChecks.CheckHost(flow, scope.ServiceProvider, found);
        }

        foreach (var fault in found) faults.Add(fault.Below("/flow"));
        return Told(flow);
    }

    private static List<string>? Told(Flow flow)
    {
        var names = flow.Nodes.Where(n => n.Descriptor?.Class == typeof(PublishEvent)).Select(n => n.Known("eventName").AsText).ToList();
        return names.Contains(null) ? null : [.. names.Select(n => EventTrigger.Canonical(n!)).Distinct()];
    }
}
