using System.Text.Json.Nodes;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Tests.Bundles;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Tests.Moves;

/// <summary>A workflow to try the gate on, with the transition <c>go</c> a test writes, and situations in it.</summary>
internal static class Flow
{
    public static readonly Actor Ann = new(new Guid("00000000-0000-0000-0000-00000000000a"), "clerk");
    public static readonly Actor Bob = new(new Guid("00000000-0000-0000-0000-00000000000b"));
    public static readonly DateTimeOffset Noon = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    /// <summary>open → busy (at most 1) → end, then whatever the test adds.</summary>
    public static Workflow With(string go = """{"from":["open"],"to":"busy"}""", string? exit = null)
    {
        var bundle = JsonNode.Parse("""
            {
              "apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "flow", "version": "1.0.0"},
              "params": {"limit": {"type": "number", "default": 10}},
              "roles": {"clerk": {}, "boss": {}},
              "subjects": {"thing": {"schema": {"type": "object", "properties": {
                "amount": {"type": "number", "minimum": 0}, "name": {"type": "string"}, "x": {}, "y": {}, "a": {"type": "object", "properties": {"b": {}, "c": {}}}}}}},
              "projectTypes": {"thing": {"workflow": "flow", "subject": "thing", "fields": {"type": "object", "properties": {"x": {"type": "number"}, "y": {}}}}},
              "statuses": {"open": {"category": "open"}, "busy": {"category": "waiting"}, "end": {"category": "done"}},
              "workflows": {"flow": {
                "steps": [{"status": "open", "initial": true}, {"status": "busy", "wipLimit": 1, "probability": 0.5}, {"status": "end", "final": true}],
                "transitions": {
                  "finish": {"from": ["open", "busy"], "to": "end"},
                  "cancel": {"from": ["open", "busy"], "to": "end"},
                  "back": {"from": ["busy"], "to": "open"}, "start": {"from": ["open"], "to": "busy"},
                  "reopen": {"from": ["end"], "to": "open"}
                }
              }}
            }
            """)!.AsObject().With("/workflows/flow/transitions/go", go);
        if (exit is not null) bundle.With("/workflows/flow/steps/0/exitCriteria", exit);
        // As a published one is read: what nobody would publish today may have been.
        var reading = Samples.Unproved(bundle, "call");
        return reading.Bundle.ShouldNotBeNull(string.Join('\n', reading.Faults)).Workflows["flow"];
    }

    public static Situation At(string step = "open", string entity = "{}", string project = "{}", string? input = null, Actor? actor = null, Guid? owner = null) => new(
        new()
        {
            Id = new Guid("00000000-0000-0000-0000-000000000001"), Type = "thing", Subject = new("thing", "1"), Step = step, Version = 3, StartedAt = Noon.AddDays(-2), EnteredAt = Noon.AddDays(-1),
            Fields = Value.Parse(project).AsObject!,
        },
        new(Value.Parse(entity).AsObject!, new Dictionary<string, Guid?> { ["owner"] = owner }), actor ?? Ann, Noon)
    {
        Input = input is null ? Value.Null : Value.Parse(input),
    };

    public static MovePlan Moved(this Decision decision) => decision.ShouldBeOfType<Decision.Moved>(string.Join(", ", (decision as Decision.Refused)?.Reasons.Select(r => r.Key) ?? [])).Plan;

    public static IReadOnlyList<Reason> Refused(this Decision decision) => decision.ShouldBeOfType<Decision.Refused>().Reasons;

    public static IEnumerable<string> Keys(this IEnumerable<Reason> reasons) => reasons.Select(r => r.Key);
}
