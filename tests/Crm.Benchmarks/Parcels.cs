using Crm.Wfm.Moves;
using Crm.Wfm.Records;

namespace Crm.Benchmarks;

/// <summary>A small process to measure: parcels that go to and fro, one role, one guard.</summary>
internal static class Parcels
{
    public const string Bundle = """
        {
          "apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": { "key": "parcels", "version": "1.0.0", "defaultLanguage": "en" },
          "projectTypes": { "parcel": { "subject": "parcel", "workflow": "parcel", "default": true } },
          "subjects": { "parcel": { "schema": { "type": "object", "properties": { "weight": { "type": "number" } } } } },
          "roles": { "sender": {} },
          "statuses": { "here": { "category": "open" }, "there": { "category": "open" }, "delivered": { "category": "done" } },
          "workflows": { "parcel": {
            "steps": [ { "status": "here", "initial": true }, { "status": "there" }, { "status": "delivered", "final": true } ],
            "transitions": {
              "go": {
                "from": ["here"], "to": "there", "allow": [{ "roles": ["sender"] }],
                "conditions": { "light": { "rule": { "<": [{ "var": "entity.weight" }, 30] }, "message": "Too heavy." } } },
              "return": {
                "from": ["there"], "to": "here", "allow": [{ "roles": ["sender"] }],
                "conditions": { "light": { "rule": { "<": [{ "var": "entity.weight" }, 30] }, "message": "Too heavy." } } },
              "deliver": { "from": ["there"], "to": "delivered" } } } }
        }
        """;

    private static readonly Actor Sender = new(new Guid("00000000-0000-0000-0000-0000000000aa"), "sender");

    /// <summary>Starts a parcel; with an id, record and project share it.</summary>
    public static async Task<Guid> StartAsync(EngineScope scope, Guid? id, CancellationToken ct)
    {
        var created = await scope.Records.CreateAsync(new("parcel", "Parcel", Sender) { Id = id, Fields = new() { ["weight"] = 12 } }, ct);
        var record = ((RecordResult.Saved)created).Record.Id;
        return ((MoveResult.Moved)await scope.Engine.StartAsync(new(new SubjectRef("parcel", record), Sender) { Project = id }, ct)).Project;
    }

    /// <summary>Makes a parcel's n-th move, counted from 0.</summary>
    public static async Task MoveAsync(EngineScope scope, Guid project, int n, CancellationToken ct)
    {
        var result = await scope.Engine.MoveAsync(new(project, n % 2 == 0 ? "go" : "return", Sender), ct);
        if (result is not MoveResult.Moved) throw new InvalidOperationException(result.ToString());
    }
}
