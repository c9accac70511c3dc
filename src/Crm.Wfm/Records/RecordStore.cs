using System.Text.Json.Nodes;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;
using Crm.Wfm.Subjects;
using Crm.Wfm.Workflows;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Wfm.Records;

/// <summary>Asks to create a generic record.</summary>
/// <param name="Type">Subject type; a published project type has to govern it.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Actor">Who creates.</param>
public sealed record CreateRecordCommand(string Type, string Name, Actor Actor)
{
    /// <summary>Gets the id; <c>null</c> makes one.</summary>
    public Guid? Id { get; init; }

    /// <summary>Gets the owner.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>Gets the fields, under the bundle's schema of the type.</summary>
    public JsonObject? Fields { get; init; }

    /// <summary>Gets when, for records brought in from the past; <c>null</c> is now. In-process only: no request can set it.</summary>
    public DateTimeOffset? Past { get; init; }
}

/// <summary>Asks to change a generic record.</summary>
/// <param name="Id">The record.</param>
/// <param name="ExpectedVersion">The version the actor has seen.</param>
/// <param name="Actor">Who changes.</param>
public sealed record UpdateRecordCommand(Guid Id, int ExpectedVersion, Actor Actor)
{
    /// <summary>Gets the new name; <c>null</c> keeps it.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the new owner; <c>null</c> keeps it.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>Gets fields to set, merged by name.</summary>
    public JsonObject? Fields { get; init; }
}

/// <summary>What came of creating or changing a record.</summary>
public abstract record RecordResult
{
    private RecordResult()
    {
    }

    /// <summary>The record as it is now.</summary>
    public sealed record Saved(RecordRow Record) : RecordResult;

    /// <summary>There is no such record in this workspace.</summary>
    public sealed record NotFound : RecordResult;

    /// <summary>Somebody else changed it first.</summary>
    public sealed record Conflict(int CurrentVersion) : RecordResult;

    /// <summary>The command is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<Fault> Faults) : RecordResult;
}

/// <summary>Creates and changes generic records in the current workspace.</summary>
public sealed class RecordStore
{
    private readonly HostContext _host;
    private readonly SubjectTypes _subjects;
    private readonly WorkflowCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly Func<PostgresException, Fault> _refused;

    internal RecordStore(HostContext host, SubjectTypes subjects, WorkflowCatalog catalog, TimeProvider time, Func<PostgresException, Fault> refused) =>
        (_host, _subjects, _catalog, _time, _refused) = (host, subjects, catalog, time, refused);

    /// <summary>Creates a record; in a transaction of the caller's own it joins that one.</summary>
    public async Task<RecordResult> CreateAsync(CreateRecordCommand command, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(command);
        var faults = new List<Fault>();
        var fields = CommandValues.Read(command.Fields ?? [], "/fields", faults);
        CommandValues.Check(command.Type, "/type", faults);
        CommandValues.Check(command.Name, "/name", faults);
        if (faults.Count > 0) return new RecordResult.Invalid(faults);
        await using var transaction = await EngineTransaction.BeginAsync(_host, ct);
        var schema = await SchemaAsync(transaction, command.Type, faults, ct);
        var now = (command.Past ?? _time.GetUtcNow()).ToUniversalTime();
        var id = command.Id ?? Guid.CreateVersion7(now);
        if (faults.Count == 0) faults.AddRange(RecordFields.CheckAll(fields.AsObject!, command.Name, id, command.OwnerId, schema));
        if (faults.Count > 0) return new RecordResult.Invalid(faults);

        await using var batch = transaction.Batch();
        batch.Add("insert into wfm.record (workspace_id, id, type, name, owner_id, fields, created_at, created_by, updated_at, updated_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $7, $8)",
            _host.Workspace, id, command.Type, command.Name, Batches.Uuid(command.OwnerId), Batches.Jsonb(CanonicalJson.Text(fields)), now, command.Actor.Id);
        if (await CommitAsync(transaction, batch, ct) is { } refused) return refused;
        return new RecordResult.Saved(new()
        {
            WorkspaceId = _host.Workspace, Id = id, Type = command.Type, Name = command.Name, OwnerId = command.OwnerId, Fields = CanonicalJson.Text(fields),
            Version = 1, CreatedAt = now, CreatedBy = command.Actor.Id, UpdatedAt = now, UpdatedBy = command.Actor.Id,
        });
    }

    /// <summary>Changes a record; in a transaction of the caller's own it joins that one.</summary>
    public Task<RecordResult> UpdateAsync(UpdateRecordCommand command, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _host.ExecuteAsync(token => UpdateOnceAsync(command, token), ct);
    }

    private async Task<RecordResult> UpdateOnceAsync(UpdateRecordCommand command, CancellationToken ct)
    {
        var faults = new List<Fault>();
        var fields = CommandValues.Read(command.Fields ?? [], "/fields", faults).AsObject ?? FactObject.Empty;
        CommandValues.Check(command.Name, "/name", faults);
        if (faults.Count > 0) return new RecordResult.Invalid(faults);
        await using var transaction = await EngineTransaction.BeginAsync(_host, ct);
        if (await LockAsync(transaction, command.Id, ct) is not { } row) return new RecordResult.NotFound();
        if (row.Version != command.ExpectedVersion) return new RecordResult.Conflict(row.Version);
        var schema = await SchemaAsync(transaction, row.Type, faults, ct);
        faults.AddRange(RecordFields.CheckName(command.Name, schema));
        faults.AddRange(RecordFields.CheckChanges(fields, schema).Select(f => f.Below("/fields")));
        if (faults.Count > 0) return new RecordResult.Invalid(faults);

        var now = _time.GetUtcNow().ToUniversalTime();
        await using var batch = transaction.Batch();
        batch.Add("update wfm.record set name = $2, owner_id = $3, fields = fields || $4, version = version + 1, updated_at = $5, updated_by = $6 where id = $1",
            command.Id, command.Name ?? row.Name, Batches.Uuid(command.OwnerId ?? row.OwnerId), Batches.Jsonb(CanonicalJson.Text(Value.From(fields))), now, command.Actor.Id);
        if (await CommitAsync(transaction, batch, ct) is { } refused) return refused;
        var merged = new FactObjectBuilder(Value.Parse(row.Fields).AsObject!);
        foreach (var (name, value) in fields) merged[name] = value;
        (row.Name, row.OwnerId, row.Fields) = (command.Name ?? row.Name, command.OwnerId ?? row.OwnerId, CanonicalJson.Text(Value.From(merged.Build())));
        (row.Version, row.UpdatedAt, row.UpdatedBy) = (row.Version + 1, now, command.Actor.Id);
        return new RecordResult.Saved(row);
    }

    // An owner nobody is, for one: who there is, is the host's to say.
    private async Task<RecordResult.Invalid?> CommitAsync(EngineTransaction transaction, NpgsqlBatch batch, CancellationToken ct)
    {
        try
        {
            await transaction.CommitAsync(batch, ct);
            return null;
        }
        catch (PostgresException e) when (e.SqlState is ['2', '2' or '3', ..])
        {
            return new([_refused(e)]);
        }
    }

    /// <summary>The schema new records of a type have to meet: that of the workflow its default project type starts with now.</summary>
    private async Task<JsonSchema?> SchemaAsync(EngineTransaction transaction, string type, List<Fault> faults, CancellationToken ct)
    {
        await using var batch = transaction.FirstBatch();
        batch.Add("select workflow_version_id from wfm.project_type where subject_type = $1 and not is_retired order by is_default desc limit 1", type);
        Guid? version = null;
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            await reader.NextResultAsync(ct); // past set_config
            if (await reader.ReadAsync(ct)) version = reader.GetGuid(0);
        }

        if (version is null || _subjects.IsGoverned(type))
        {
            faults.Add(new("/type", "unknown-type", $"No published process governs records of type {type}."));
            return null;
        }

        return (await _catalog.GetAsync(_host.Workspace, version.Value, transaction, ct)).Subjects.GetValueOrDefault(type);
    }

    private async Task<RecordRow?> LockAsync(EngineTransaction transaction, Guid id, CancellationToken ct)
    {
        await using (var first = transaction.FirstBatch())
        {
            first.Add("select 1 from wfm.record where id = $1 for no key update", id);
            await first.ExecuteNonQueryAsync(ct);
        }

        return await _host.Db.Set<RecordRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.DeletedAt == null, ct);
    }
}
