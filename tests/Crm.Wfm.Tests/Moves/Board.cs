using System.Text.Json.Nodes;

namespace Crm.Wfm.Tests.Moves;

/// <summary>A process whose two steps hold at most three cards each.</summary>
internal static class Board
{
    public const int Limit = 3;

    public static JsonObject Bundle() => JsonNode.Parse("""
        {
          "apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "board", "version": "1.0.0"},
          "subjects": {"card": {"schema": {"type": "object"}}}, "projectTypes": {"card": {"workflow": "board", "subject": "card"}},
          "statuses": {"backlog": {"category": "open"}, "a": {"category": "open"}, "b": {"category": "open"}, "done": {"category": "done"}},
          "workflows": {"board": {
            "steps": [{"status": "backlog", "initial": true}, {"status": "a", "wipLimit": 3}, {"status": "b", "wipLimit": 3}, {"status": "done", "final": true}],
            "transitions": {
              "pull": {"from": ["backlog"], "to": "a"},
              "right": {"from": ["a"], "to": "b"},
              "left": {"from": ["b"], "to": "a"},
              "finish": {"from": ["a", "b"], "to": "done"}
            }
          }}
        }
        """)!.AsObject();
}
