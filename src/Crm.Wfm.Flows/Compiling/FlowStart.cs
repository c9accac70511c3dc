using System.Globalization;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Compiling;

/// <summary>What starts a published flow.</summary>
/// <param name="Kind">One of <see cref="StartKinds"/>.</param>
/// <param name="Key">The event's type; method and path; how long from one time to the next; the cron expression; the time.</param>
/// <param name="Node">Node id of the trigger.</param>
/// <param name="Place">The input that says so.</param>
internal sealed record FlowStart(string Kind, string Key, string Node, Place Place)
{
    /// <summary>Finds what starts a flow.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="faults">Receives what could not start it, with pointers relative to its definition.</param>
    public static IReadOnlyList<FlowStart> Find(Flow flow, ICollection<Fault> faults)
    {
        var starts = new List<FlowStart>();
        foreach (var start in EventTriggers.Of(flow).SelectMany(node => Of(node, faults)))
        {
            if (starts.Exists(s => (s.Kind, s.Key) == (start.Kind, start.Key)) && start.Kind is StartKinds.Event or StartKinds.Http)
                faults.Add(start.Place.Fault(start.Kind == StartKinds.Http ? "duplicate-route" : "duplicate-trigger", $"another trigger of the flow has '{start.Key}' already"));
            else starts.Add(start);
        }

        return starts;
    }

    /// <summary>Says when it is due first; <c>null</c> when others start it, or its time has passed.</summary>
    public DateTimeOffset? DueAfter(DateTimeOffset now) => Kind switch
    {
        StartKinds.Timer => now + TimeSpan.ParseExact(Key, "c", CultureInfo.InvariantCulture),
        StartKinds.StartAt => DateTimeOffset.Parse(Key, CultureInfo.InvariantCulture) is var time && time > now ? time : null,
        _ => null,
    };

    private static IEnumerable<FlowStart> Of(FlowNode node, ICollection<Fault> faults) => node.Definition.Type switch
    {
        "Elsa.Event" => One(node, StartKinds.Event, "eventName", faults, value => EventTrigger.Canonical(value.AsText ?? throw new FormatException("is no type of events"))),
        "Elsa.Timer" => One(node, StartKinds.Timer, "interval", faults, Interval),
        "Elsa.StartAt" => One(node, StartKinds.StartAt, "dateTime", faults, value =>
            InputValues.TryMake(value, typeof(DateTimeOffset), out var time, out _) && time is DateTimeOffset at ? at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) : throw new FormatException("is no time")),
        "Elsa.Cron" => One(node, StartKinds.Cron, "cronExpression", faults, Cron),
        "Elsa.HttpEndpoint" => HttpEndpoint.KeysOf(node).Select(key => new FlowStart(StartKinds.Http, key, node.Definition.NodeId, node.Definition.Place["path"])),
        _ => [],
    };

    private static List<FlowStart> One(FlowNode node, string kind, string input, ICollection<Fault> faults, Func<Value, string> key)
    {
        var place = node.Definition.Place[input];
        try
        {
            var value = node.Known(input);
            if (value.IsNull && !place.Value.IsNull) throw new FormatException("what starts a flow is a literal: it is known before the flow runs");
            return [new(kind, key(value), node.Definition.NodeId, place)];
        }
        catch (FormatException e)
        {
            faults.Add(place.Fault(kind == StartKinds.Cron ? "cron" : "value", e.Message));
            return [];
        }
    }

    private static string Interval(Value value)
    {
        if (value.IsNull) value = Value.From("PT1M");
        if (!InputValues.TryMake(value, typeof(TimeSpan), out var made, out _) || made is not TimeSpan interval) throw new FormatException("is no time span");
        return interval >= TimeSpan.FromSeconds(1) ? interval.ToString("c", CultureInfo.InvariantCulture) : throw new FormatException("is shorter than a second");
    }

    private static string Cron(Value value)
    {
        var text = value.AsText ?? throw new FormatException("is no cron expression");
        return CronText.Problem(text) is { } problem ? throw new FormatException(problem) : text;
    }
}

/// <summary>How flows are started.</summary>
internal static class StartKinds
{
    public const string Event = "event";
    public const string Http = "http";
    public const string Timer = "timer";
    public const string StartAt = "start-at";
    public const string Cron = "cron";
}
