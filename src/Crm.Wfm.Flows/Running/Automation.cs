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
    private static readonly string[] NotYet = ["idempotencyKey", "concurrencyKey", "debounce"];

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
        foreach (var name in NotYet.Where(name => !source[name].IsNull)) warnings.Add(place[name].Fault("not-enforced", $"{name} is understood, but not enforced yet"));
        return new()
        {
            Key = key,
            Param = param,
            On = on,
            When = ReadWhen(place["when"], faults),
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
        return When is null || When.Holds(Value.From(new FactObjectBuilder { ["event"] = Value.From(told.ToCloudEvent()), ["now"] = Value.From(now), ["param"] = Param }.Build()));
    }

    // That it is a rule at all was checked with the bundle's other rules.
    private static Rule? ReadWhen(Place when, ICollection<Fault> faults)
    {
        if (when.Value.IsNull || !Rule.TryCompile(when.Value, [], out var rule)) return null;
        foreach (var root in rule.Variables.Select(path => path.Split('.')[0]).Where(root => !Roots.Contains(root)).Distinct())
            faults.Add(when.Fault("unknown-root", $"when an automation starts there is no '{root}' yet (there are {string.Join(", ", Roots)})"));
        return rule;
    }
}

/// <summary>How often a failed run is tried again, and when.</summary>
/// <param name="Max">Tries after the first.</param>
/// <param name="Initial">The first wait.</param>
/// <param name="IsFixed">Whether the wait stays the same; else it doubles each time, up to an hour.</param>
/// <param name="Jitter">By what part a wait is made longer or shorter at random, so that many do not come back at once; 0 to 1.</param>
internal sealed record RetryPolicy(int Max, TimeSpan Initial, bool IsFixed, double Jitter = 0)
{
    /// <summary>Gets the policy of what is not tried again.</summary>
    public static RetryPolicy Never { get; } = new(0, TimeSpan.Zero, IsFixed: true);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Reads the policy of an automation; <c>null</c> when it has none.</summary>
    public static RetryPolicy? Read(Value retry) => retry.IsNull ? null
        : new(retry["max"].IsNull ? 5 : (int)retry["max"].AsNumber, IsoDuration.Parse(retry["initial"].AsText) ?? TimeSpan.FromSeconds(5), retry["backoff"].AsText == "fixed");

    /// <summary>Says how long to wait after so many attempts; <c>null</c> when there were enough.</summary>
    public TimeSpan? WaitAfter(int attempts)
    {
        if (attempts > Max) return null;
        if (IsFixed || Initial > Longest) return Initial;
        return TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Initial.TotalSeconds * Math.Pow(2, attempts - 1)));
    }
}
