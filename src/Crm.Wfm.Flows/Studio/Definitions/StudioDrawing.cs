using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Studio;

/// <summary>
/// Draws a flow so that Studio can show it: every activity has its place (<c>nodeId</c>) and a type and version Studio has a descriptor of. What this host does not have is wrapped in
/// <c>Elsa.NotFoundActivity</c>, and unwrapped again when it is saved: nothing of it is lost. What nobody has drawn yet gets a place on the canvas.
/// </summary>
internal sealed class StudioDrawing(IReadOnlyDictionary<string, ElsaDescriptor> toolbox)
{
    private static readonly string[] NoActivities = ["id", "nodeId", "variables", "metadata", "customProperties", "connections"];

    private int _activities;

    /// <summary>Draws an activity and everything in it.</summary>
    /// <param name="activity">The activity; what is none stays as it is.</param>
    /// <param name="parent">The place it lies in.</param>
    public Value Show(Value activity, string parent = NodeIds.Root) => IsActivity(activity) ? Value.From(Activity(activity.AsObject!, parent)) : activity;

    /// <summary>Takes out what was wrapped when it was shown. Where it lies and what it is called is as it was drawn since.</summary>
    public static Value Restore(Value root) => DefinitionContent.Rewrite(root, activity =>
    {
        if (activity["type"].AsText != ActivityDescriptors.NotFound || Original(activity["originalActivityJson"].AsText) is not { } original) return activity;
        var restored = new FactObjectBuilder(original);
        foreach (var member in (string[])["id", "nodeId", "name", "metadata"])
            if (!activity[member].IsNull) restored[member] = activity[member];
        return restored.Build();
    });

    /// <summary>Tells whether a value is an activity, and no expression.</summary>
    public static bool IsActivity(Value value) => value.AsObject is not null && value["type"].AsText is { Length: > 0 } && value["expression"].IsNull;

    private static FactObject? Original(string? json)
    {
        if (json is null) return null;
        var read = StrictJson.Read(System.Text.Encoding.UTF8.GetBytes(json), []);
        return read is { } value && IsActivity(value) ? value.AsObject : null;
    }

    // Ids that are missing are given as the reader gives them, which counts activities as it comes by them.
    private FactObject Activity(FactObject activity, string parent)
    {
        _activities++;
        var type = activity["type"].AsText!;
        var id = activity["id"].AsText is { Length: > 0 } given ? given : activity["nodeId"].AsText?.Split(':')[^1] ?? $"{type}{_activities}";
        var nodeId = $"{parent}:{id}";
        var shown = new FactObjectBuilder(activity) { ["id"] = Value.From(id), ["nodeId"] = Value.From(nodeId) };
        foreach (var (name, value) in activity)
            if (!NoActivities.Contains(name)) shown[name] = Member(value, nodeId);
        if (!toolbox.TryGetValue(type, out var descriptor)) return Missing(activity, id, nodeId);
        shown["version"] = Value.From(descriptor.Version);
        if (activity["connections"].Kind == ValueKind.List) shown["connections"] = Connections(activity["connections"]);
        if (type == "Elsa.Flowchart" && shown["activities"].Kind == ValueKind.List) shown["activities"] = ChartLayout.Place(shown["activities"], shown["connections"]);
        if (descriptor.ConstructionProperties.Count > 0) Pin(shown, activity, descriptor);
        return shown.Build();
    }

    private Value Member(Value value, string nodeId)
    {
        if (IsActivity(value) && (value["id"].AsText ?? value["nodeId"].AsText) is not null) return Show(value, nodeId);
        if (value.Kind != ValueKind.List) return value;
        var items = value.AsList.ToArray();
        for (var i = 0; i < items.Length; i++)
        {
            if (IsActivity(items[i])) items[i] = Show(items[i], nodeId);
            else if (IsActivity(items[i]["activity"])) items[i] = Value.From(items[i].AsObject!.With("activity", Show(items[i]["activity"], nodeId)));
        }

        return Value.From(items);
    }

    private static FactObject Missing(FactObject activity, string id, string nodeId)
    {
        var stands = new FactObjectBuilder
        {
            ["id"] = Value.From(id),
            ["nodeId"] = Value.From(nodeId),
            ["name"] = activity["name"].AsText is { Length: > 0 } name ? Value.From(name) : Value.From(id),
            ["type"] = Value.From(ActivityDescriptors.NotFound),
            ["version"] = Value.From(1),
            ["missingTypeName"] = activity["type"],
            ["missingTypeVersion"] = activity["version"].Kind == ValueKind.Number ? activity["version"] : Value.From(1),
            ["originalActivityJson"] = Value.From(CanonicalJson.Text(Value.From(activity))),
        };
        foreach (var member in (string[])["metadata", "customProperties"])
            if (!activity[member].IsNull) stands[member] = activity[member];
        return stands.Build();
    }

    // A flow used as an activity says by which version it was drawn, and which there is by now.
    private static void Pin(FactObjectBuilder shown, FactObject activity, ElsaDescriptor descriptor)
    {
        foreach (var (name, value) in descriptor.ConstructionProperties)
        {
            var member = char.ToLowerInvariant(name[0]) + name[1..];
            if (activity[member].IsNull || member.StartsWith("latest", StringComparison.Ordinal)) shown[member] = value is int number ? Value.From(number) : Value.From((string)value);
        }
    }

    // Studio knows the nested form alone.
    private static Value Connections(Value connections)
    {
        var items = connections.AsList.ToArray();
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i]["source"].AsText is not { } source || items[i]["target"].AsText is not { } target) continue;
            items[i] = Value.From(new FactObjectBuilder { ["source"] = End(source, items[i]["sourcePort"].AsText ?? "Done"), ["target"] = End(target, items[i]["targetPort"].AsText ?? "In") }.Build());
        }

        return Value.From(items);
    }

    private static Value End(string activity, string port) => Value.From(new FactObjectBuilder { ["activity"] = Value.From(activity), ["port"] = Value.From(port) }.Build());
}
