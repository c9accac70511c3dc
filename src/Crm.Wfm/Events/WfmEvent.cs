using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Events;

/// <summary>Something that happened, written in the transaction of the change it tells of.</summary>
public sealed record WfmEvent
{
    /// <summary>Gets the id; with the source it is unique for ever.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the workspace.</summary>
    public required Guid Workspace { get; init; }

    /// <summary>Gets the canonical type, such as <c>wfm.project.moved</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Gets what it is about: <c>{type}/{id}</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Gets when it happened, in business time.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Gets who made it happen.</summary>
    public required Guid Actor { get; init; }

    /// <summary>Gets the id shared by everything one first cause led to.</summary>
    public required Guid Correlation { get; init; }

    /// <summary>Gets the event that caused this one; <c>null</c> for a first cause.</summary>
    public Guid? Causation { get; init; }

    /// <summary>Gets how many causes lie before it; 0 for a first cause.</summary>
    public int Depth { get; init; }

    /// <summary>Gets the W3C trace context; <c>null</c> when none was traced.</summary>
    public string? Traceparent { get; init; }

    /// <summary>Gets the position in the workspace's feed, from 1, without gaps, in order of commits; <c>null</c> until the pump has told of the event.</summary>
    public long? Position { get; init; }

    /// <summary>Gets what there is to tell.</summary>
    public required Value Data { get; init; }

    /// <summary>Makes the event as CloudEvents 1.0 in JSON. Our extension attributes: <c>actorid</c>, <c>correlationid</c>, <c>causationid</c>, <c>depth</c>, <c>sequence</c>, <c>traceparent</c>.</summary>
    public JsonObject ToCloudEvent()
    {
        var json = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = Id.ToString(),
            ["source"] = $"/workspaces/{Workspace}",
            ["type"] = Type,
            ["subject"] = Subject,
            ["time"] = FactTime.Text(Time),
            ["datacontenttype"] = "application/json",
            ["actorid"] = Actor.ToString(),
            ["correlationid"] = Correlation.ToString(),
            ["depth"] = Depth,
            ["data"] = Data.ToJson(),
        };
        if (Causation is { } causation) json["causationid"] = causation.ToString();
        // The extension wants texts that are in order as texts are: so it is padded to the digits of the highest.
        if (Position is { } position) json["sequence"] = position.ToString("D19", System.Globalization.CultureInfo.InvariantCulture);
        if (Traceparent is { } traceparent) json["traceparent"] = traceparent;
        return json;
    }
}

/// <summary>The event an automation acts upon; what it does is traced back to it.</summary>
/// <param name="Event">The event's id.</param>
/// <param name="Correlation">The event's correlation id.</param>
/// <param name="Depth">The event's depth.</param>
public sealed record EventCause(Guid Event, Guid Correlation, int Depth);

/// <summary>Types of the events this package emits.</summary>
public static class EventTypes
{
    /// <summary>A project was started.</summary>
    public const string ProjectStarted = "wfm.project.started";

    /// <summary>A project moved; also when it moved to a final step.</summary>
    public const string ProjectMoved = "wfm.project.moved";

    /// <summary>A project reached a final step; follows <see cref="ProjectMoved"/> or <see cref="ProjectStarted"/>.</summary>
    public const string ProjectCompleted = "wfm.project.completed";

    private static readonly Regex Form = new(@"^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    /// <summary>Tells whether a bundle or an application may emit events of a type: words joined by dots, not <c>wfm.*</c>.</summary>
    public static bool MayEmit(string type) => type.Length <= 200 && Form.IsMatch(type) && !type.StartsWith("wfm.", StringComparison.Ordinal);
}
