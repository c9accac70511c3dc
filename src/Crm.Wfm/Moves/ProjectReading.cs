using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Npgsql;

namespace Crm.Wfm.Moves;

/// <summary>A project as the database has it, with the workflow version it follows.</summary>
internal sealed record ProjectReading(ProjectState State, Guid WorkflowVersion)
{
    private const string Columns = "project_type, workflow_version_id, subject_type, subject_id, step, version, fields, started_at, entered_at";

    /// <summary>Locks the project and the counters the transition touches.</summary>
    public static void AddLock(NpgsqlBatch batch, Guid project, string transition) =>
        batch.Add($"select {Columns}, wip, last_actors from wfm.lock_project($1, $2)", project, transition);

    /// <summary>Looks without locking, at all counters and four-eyes actors of the step's transitions.</summary>
    public static void AddLook(NpgsqlBatch batch, Guid project) =>
        batch.Add($"""
            select {Columns},
              (select jsonb_object_agg(c.step, c.count) from wfm.step_count c where c.project_type = p.project_type) as wip,
              (select jsonb_object_agg(h.transition, h.actor_id) from (
                 select distinct on (x.transition) x.transition, x.actor_id from wfm.history x
                 where x.project_id = p.id and x.transition in (
                   select unnest(e.not_same_actor_as) from wfm.edge e where e.workflow_version_id = p.workflow_version_id and e.from_step = p.step)
                 order by x.transition, x.version desc) h) as last_actors
            from wfm.project p where p.id = $1
            """, project);

    /// <summary>Reads the row either of them gives; <c>null</c> when there is no such project in this workspace.</summary>
    public static async Task<ProjectReading?> ReadAsync(NpgsqlDataReader reader, Guid project, CancellationToken ct)
    {
        if (!await reader.ReadAsync(ct)) return null;
        return new(new()
        {
            Id = project,
            Type = reader.GetString(0),
            Subject = new(reader.GetString(2), reader.GetString(3)),
            Step = reader.GetString(4),
            Version = reader.GetInt32(5),
            Fields = Value.Parse(reader.GetString(6)).AsObject!,
            StartedAt = reader.GetFieldValue<DateTimeOffset>(7),
            EnteredAt = reader.GetFieldValue<DateTimeOffset>(8),
            Counts = Map(reader, 9, v => (int)v.AsNumber),
            LastActors = Map(reader, 10, v => Guid.Parse(v.AsText!)),
        }, reader.GetGuid(1));
    }

    private static Dictionary<string, T> Map<T>(NpgsqlDataReader reader, int column, Func<Value, T> read) =>
        reader.IsDBNull(column) ? [] : Value.Parse(reader.GetString(column)).AsObject!.ToDictionary(m => m.Key, m => read(m.Value));
}
