using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;

namespace Crm.Wfm.Tests.Bundles;

/// <summary>The sample bundles, and a small bundle to break.</summary>
internal static class Samples
{
    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "samples", "workflows");

    /// <summary>The post-actions their host registers: the CRM.</summary>
    public static string[] Actions { get; } = ["convertLead", "assignOwner"];

    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    public static Bundle Read(string file) => BundleReader.Read(Bytes(file), Actions).Bundle.ShouldNotBeNull();

    /// <summary>Makes a bundle that uses every kind of member once and has no faults.</summary>
    public static JsonObject Small() => JsonNode.Parse("""
        {
          "apiVersion": "wfm/v1", "kind": "ProcessBundle",
          "bundle": {"key": "small", "version": "1.0.0", "title": "Small"},
          "params": {"limit": {"type": "number", "default": 10}, "unused": {"type": "string"}},
          "roles": {"clerk": {}, "boss": {"title": {"en": "Boss", "de": "Chefin"}}},
          "subjects": {
            "ticket": {"schema": {"type": "object", "additionalProperties": false, "properties": {"amount": {"type": "number"}, "closedAt": {"type": "string", "readOnly": true}}}},
            "other": {"schema": {"type": "object"}}
          },
          "projectTypes": {
            "support": {"workflow": "flow", "subject": "ticket", "fields": {"properties": {"note": {"type": "string"}}}},
            "side": {"workflow": "aside", "subject": "other"}
          },
          "statuses": {"open": {"category": "open"}, "done": {"category": "done", "color": "#00ff00"}, "spare": {"category": "waiting"}},
          "workflows": {
            "flow": {
              "steps": [
                {"status": "open", "initial": true, "exitCriteria": {"paid": {"rule": {"var": "entity.amount"}, "message": "Pay first."}}},
                {"key": "finished", "status": "done", "final": true}
              ],
              "transitions": {
                "finish": {
                  "from": ["open"], "to": "finished", "allow": [{"roles": ["clerk"]}],
                  "conditions": {"small": {"rule": {"<": [{"var": "entity.amount"}, {"var": "param.limit"}]}, "message": "Too much.", "fixes": ["/entity/amount"]}},
                  "input": {"type": "object", "additionalProperties": false, "properties": {"why": {"type": "string"}}},
                  "validators": {"why-given": {"rule": {"!!": [{"var": "input.why"}]}, "message": {"en": "Say why."}, "fixes": ["/input/why"]}},
                  "postActions": [
                    {"do": "set", "target": "/entity/closedAt", "value": {"var": "now"}},
                    {"do": "set", "target": "/project/note", "value": {"var": "input.why"}},
                    {"do": "emit", "value": "small.finished"}
                  ]
                },
                "reopen": {"from": ["finished"], "to": "open", "notSameActorAs": ["finish"]}
              }
            },
            "aside": {"steps": [{"status": "open", "initial": true, "final": true}], "transitions": {}}
          },
          "tests": {
            "finishes": {
              "workflow": "flow",
              "given": {"entity": {"amount": 5}, "actor": {"roles": ["clerk"]}, "step": "open", "now": "2026-03-31T10:00:00.000Z", "params": {"limit": 7}},
              "steps": [{"do": "finish", "input": {"why": "done"}, "advance": "PT1H", "expect": {"step": "finished", "blockedBy": [], "events": ["small.finished"]}}]
            }
          },
          "layout": {"flow": {"open": [0, 0]}}
        }
        """)!.AsObject();

    /// <summary>Reads a bundle after a change.</summary>
    /// <summary>Reads a bundle as one that is published already: nothing is proved of it.</summary>
    public static BundleReading Unproved(JsonNode bundle, params string[] actions) => BundleReader.Read(Crm.Wfm.Rules.Value.Parse(bundle.ToJsonString()), actions);

    public static BundleReading Reading(JsonNode bundle, params string[] actions) => BundleReader.Read(Encoding.UTF8.GetBytes(bundle.ToJsonString()), actions);

    /// <summary>Puts JSON at a pointer, in place of what is there; appends to a list at <c>-</c>; removes the member for <c>null</c>.</summary>
    public static JsonObject With(this JsonObject bundle, string pointer, string? json)
    {
        var tokens = pointer.Split('/')[1..];
        JsonNode at = bundle;
        foreach (var token in tokens[..^1]) at = (at is JsonArray list ? list[int.Parse(token, CultureInfo.InvariantCulture)] : at[token] ??= new JsonObject())!;
        var node = json is null ? null : JsonNode.Parse(json);
        if (at is not JsonArray items) _ = json is null ? at.AsObject().Remove(tokens[^1]) : (at[tokens[^1]] = node) is null;
        else if (tokens[^1] == "-") items.Add(node);
        else items[int.Parse(tokens[^1], CultureInfo.InvariantCulture)] = node;
        return bundle;
    }

    private static string FindRoot([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
