using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>A bundle's automation with a flow: what starts it, and what it does then.</summary>
internal sealed class Automation
{
    private static readonly string[] Roots = ["event", "now", "param"];
    private const int MaxTypes = 20;

    private Automation()
    {
    }

    public required string Key { get; init; }

    /// <summary>Gets the bundle's params.</summary>
    public required Value Param { get; init; }

    /// <summary>Gets the types of the events that start it, in canonical spelling.</summary>
    public required IReadOnlyList<string> On { get; init; }

    public required Rule? When { get; init; }

    /// <summary>Gets how a failed run is tried again; <c>null</c> as the host's options say.</summary>
    public required RetryPolicy? Retry { get; init; }

    /// <summary>Gets after what time a run fails; <c>null</c> as the host's options say.</summary>
    public required TimeSpan? Timeout { get; init; }

    /// <summary>Gets what becomes of a run one of whose activities failed for good; <c>null</c> as the flow, or the host, says.</summary>
    public required IncidentStrategy? Strategy { get; init; }

    /// <summary>Gets what keeps its runs from each other, and from being too many.</summary>
    public required FlowControl Control { get; init; }

    /// <summary>Gets the flow; <c>null</c> when this host cannot run it.</summary>
    public required Flow? Flow { get; init; }

    /// <summary>Gets the places of the triggers in the flow by the type they listen to; none where the flow begins at its start.</summary>
    public required IReadOnlyDictionary<string, string> Triggers { get; init; }

    /// <summary>Gets what starts it besides events.</summary>
    public required IReadOnlyList<FlowStart> Starts { get; init; }

    /// <summary>Gets the automation as the bundle has it.</summary>
    public required Value Source { get; init; }

    /// <summary>Reads an automation of a bundle.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="source">The automation as the bundle has it.</param>
    /// <param name="param">The bundle's params.</param>
    /// <param name="activities">What its flow can use.</param>
    /// <param name="faults">Receives everything by which it could not run, with pointers relative to it.</param>
    /// <param name="warnings">Receives what is understood and not acted on.</param>
    public static Automation Read(string key, Value source, Value param, ActivityCatalog activities, ICollection<Fault> faults, ICollection<Fault> warnings)
    {
        var place = new Place(source, "");
        List<string> on = [.. place["on"].Items().Select(t => t.Text).OfType<string>().Select(EventTrigger.Canonical).Distinct()];
        if (on.Count > MaxTypes) faults.Add(place["on"].Fault("too-many", $"an automation is started by at most {MaxTypes} types of events"));
        var found = new List<Fault>();
        var flow = FlowCompiler.Compile(source["flow"], activities, _ => false, found);
        var triggers = flow is null ? new Dictionary<string, string>() : EventTriggers.Find(flow, on, found);
        var starts = flow is null ? [] : FlowStart.Find(flow, found).Where(s => s.Kind != StartKinds.Event).ToList();
        foreach (var fault in found) faults.Add(fault.Below("/flow"));
        return new()
        {
            Key = key,
            Param = param,
            On = on,
            When = ReadRule(place["when"], faults),
            Control = FlowControl.Read(place, faults),
            Retry = RetryPolicy.Read(source["retry"]),
            Timeout = IsoDuration.Parse(source["timeout"].AsText),
            Strategy = place["incidents"].Text switch { "continue" => IncidentStrategy.Continue, "fault" => IncidentStrategy.Fault, _ => null },
            Flow = found.Count == 0 ? flow : null,
            Triggers = triggers,
            Starts = starts,
            Source = source,
        };
    }

    /// <summary>Tells whether an event starts it.</summary>
    public bool StartsOn(WfmEvent told, DateTimeOffset now)
    {
        if (!On.Contains(told.Type)) return false;
        return When is null || When.Holds(Facts(told, now));
    }

    /// <summary>Gets what its rules see before there is a run.</summary>
    public Value Facts(WfmEvent told, DateTimeOffset now) => Value.From(new FactObjectBuilder { ["event"] = Value.From(told.ToCloudEvent()), ["now"] = Value.From(now), ["param"] = Param }.Build());

    /// <summary>Reads one of its rules; that it is one at all was checked with the bundle's other rules.</summary>
    internal static Rule? ReadRule(Place place, ICollection<Fault> faults)
    {
        if (place.Value.IsNull || !Rule.TryCompile(place.Value, [], out var rule)) return null;
        foreach (var root in rule.Variables.Select(path => path.Split('.')[0]).Where(root => !Roots.Contains(root)).Distinct())
            faults.Add(place.Fault("unknown-root", $"when an automation starts there is no '{root}' yet (there are {string.Join(", ", Roots)})"));
        return rule;
    }
}
