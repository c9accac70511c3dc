using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using Crm.Wfm.Events;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Http;

/// <summary>An event as CloudEvents 1.0: what <see cref="WfmEvent.ToCloudEvent"/> makes, with its members' types.</summary>
internal sealed record CloudEventResponse(
    [property: JsonPropertyName("specversion"), AllowedValues("1.0")] string SpecVersion, Guid Id, string Source, string Type, string Subject,
    [property: JsonType("string", Format = "date-time")] string Time, [property: JsonPropertyName("datacontenttype")] string DataContentType,
    [property: JsonPropertyName("actorid")] Guid ActorId, [property: JsonPropertyName("correlationid")] Guid CorrelationId, int Depth, [property: Description("What there is to tell.")] Value Data)
{
    /// <summary>Gets the event that caused this one; left out for a first cause.</summary>
    [JsonPropertyName("causationid"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? CausationId { get; private init; }

    /// <summary>Gets the position in the workspace's feed, padded with zeros; left out until the event was told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sequence { get; private init; }

    /// <summary>Gets the W3C trace context; left out when none was traced.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Traceparent { get; private init; }

    public static CloudEventResponse Of(WfmEvent e) =>
        new("1.0", e.Id, $"/workspaces/{e.Workspace}", e.Type, e.Subject, FactTime.Text(e.Time), "application/json", e.Actor, e.Correlation, e.Depth, e.Data)
        {
            CausationId = e.Causation, Sequence = e.Position?.ToString("D19", CultureInfo.InvariantCulture), Traceparent = e.Traceparent,
        };
}
