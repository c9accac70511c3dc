using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Npgsql;

namespace Crm.Wfm.Subjects;

/// <summary>Generic records: one table for every kind of work without one of its own. Facts: the fields, and <c>id</c>, <c>name</c>, <c>ownerId</c>.</summary>
internal sealed class RecordSubject(string type) : ISubjectType
{
    private const string Columns = "id, name, owner_id, fields, version";

    public JsonSchema? Schema => null;

    public string? MovedEvent => null;

    public string? Canonical(string id) => Keys.Canonical(id, typeof(Guid));

    public bool CanSet(string field) => RecordFields.CanSet(field);

    public bool IsMerged(string field) => false;

    public IReadOnlyList<Fault> Check(FactObject changes, JsonSchema? schema) => RecordFields.CheckChanges(changes, schema);

    public void AddRead(NpgsqlBatch batch, DbContext db, SubjectRead read)
    {
        if (read.Changes.Count > 0)
        {
            AddWrite(batch, db, read, read.Changes);
            batch.BatchCommands[^1].CommandText += " returning " + Columns;
            return;
        }

        batch.Add($"select {Columns} from wfm.record where id = $1 and type = $2 and deleted_at is null" + (read.Lock ? " for no key update" : ""),
            Guid.Parse(read.Subject.Id), type);
    }

    public async Task<SubjectState?> ReadAsync(NpgsqlDataReader reader, DbContext db, SubjectRead read, CancellationToken ct)
    {
        if (!await reader.ReadAsync(ct)) return null;
        var owner = await reader.IsDBNullAsync(2, ct) ? (Guid?)null : reader.GetGuid(2);
        var entity = new FactObjectBuilder(Value.Parse(reader.GetString(3)).AsObject!)
        {
            ["id"] = Value.From(reader.GetGuid(0)),
            ["name"] = Value.From(reader.GetString(1)),
            [RecordFields.Owner] = owner is { } o ? Value.From(o) : Value.Null,
        };
        return new(entity.Build(), new Dictionary<string, Guid?> { ["owner"] = owner }, reader.GetInt32(4));
    }

    public void AddWrite(NpgsqlBatch batch, DbContext db, SubjectRead subject, FactObject values)
    {
        var fields = new FactObjectBuilder();
        foreach (var (name, value) in values.Where(v => v.Key != RecordFields.Owner)) fields[name] = value;
        batch.Add("""
            update wfm.record set fields = fields || $3, owner_id = case when $6 then $7::uuid else owner_id end, version = version + 1, updated_at = $4, updated_by = $5
            where id = $1 and type = $2 and deleted_at is null
            """, Guid.Parse(subject.Subject.Id), type, Batches.Jsonb(CanonicalJson.Text(Value.From(fields.Build()))), subject.At.ToUniversalTime(), subject.By,
            values.Has(RecordFields.Owner), Batches.Text(Text(values[RecordFields.Owner])));
    }

    public bool AddMirror(NpgsqlBatch batch, DbContext db, Standing standing)
    {
        batch.Add("update wfm.record set project_id = $3, step = $4, step_entered_at = $5, probability = $6 where id = $1 and type = $2" + (standing.Starts ? "" : " and project_id = $3"),
            Guid.Parse(standing.Subject.Id), type, standing.Project, standing.Step.Key, standing.At.ToUniversalTime(), Batches.Double(standing.Step.Probability));
        return true;
    }

    public EntityEntry? Tracked(DbContext db, SubjectRef subject)
    {
        var id = Guid.Parse(subject.Id);
        return db.ChangeTracker.Entries<RecordRow>().FirstOrDefault(e => e.Entity.Id == id);
    }

    // What is no id is the database's to refuse, as it refuses one that nobody has.
    private static string? Text(Value owner) => owner.IsNull ? null : owner.AsText ?? CanonicalJson.Text(owner);
}
