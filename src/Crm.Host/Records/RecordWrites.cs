using Crm.Entities;
using Crm.Entities.Records;
using Crm.Wfm;
using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Records;

/// <summary>What changing a record has in common whatever its noun: finding it at the version the client has seen, saving, and saying what came of it.</summary>
internal sealed class RecordWrites(CrmDbContext db, RecordWriter writer, MoveEngine engine, CurrentRequest current, CurrentWorkspace workspace, IHttpContextAccessor accessor)
{
    public Guid Workspace => workspace.Id;

    public Actor Actor => current.Actor;

    private HttpContext Http => accessor.HttpContext!;

    /// <summary>Makes the id of a new record.</summary>
    public Guid NewId() => Guid.CreateVersion7(writer.Now());

    /// <summary>Tells the time, cut to what the database keeps.</summary>
    public DateTimeOffset Now() => writer.Now();

    /// <summary>Finds a record to change, at the version the client says it has seen, in the body or as If-Match.</summary>
    public async Task<(T? Record, ProblemHttpResult? Problem)> FindAsync<T>(Guid id, int? versionInBody, CancellationToken ct, bool deleted = false)
        where T : CrmRecord
    {
        if (ETags.Version(Http, versionInBody, out var fault) is not { } version) return (null, Problems.Faulty([fault!]));
        var rows = deleted ? db.Set<T>().IgnoreQueryFilters().Where(r => r.DeletedAt != null) : db.Set<T>();
        if (await rows.SingleOrDefaultAsync(r => r.Id == id, ct) is not { } record) return (null, Problems.NotFound(Noun<T>()));
        return record.Version == version ? (record, null) : (null, Problems.Stale(record.Noun, record.Version));
    }

    /// <summary>Saves; a problem says why not, and leaves the transaction to be undone.</summary>
    public async Task<ProblemHttpResult?> SaveAsync<T>(T record, CancellationToken ct)
        where T : CrmRecord
    {
        switch (await writer.SaveAsync(new(Actor), ct))
        {
            case SaveResult.Invalid invalid:
                return Problems.Faulty(invalid.Faults);
            case SaveResult.Stale:
                return Problems.Conflict($"Somebody else changed the {record.Noun} at the same moment; read it again.");
            default:
                Http.Response.Headers.ETag = ETags.Of(record.Version);
                return null;
        }
    }

    /// <summary>Creates a record, for whoever creates it unless it is said for whom, or that it is for nobody yet; its project starts with it, if it has a process.</summary>
    public async Task<ProblemHttpResult?> CreateAsync<T, TFields>(T record, Body<TFields> body, CancellationToken ct)
        where T : CrmRecord, IOwned
        where TFields : class, IFields<T>
    {
        body.Value.Write(record);
        if (!body.Has("ownerId")) record.OwnerId = Actor.Id;
        db.Add(record);
        var problem = await SaveAsync(record, ct) ?? (record is IGoverned ? await StartAsync(record, ct) : null);
        if (problem is not null) return problem;
        Http.Response.Headers.Location = $"{Http.Request.Path}/{record.Id}"; // here, not by the result: HttpIdempotency keeps it
        return null;
    }

    /// <summary>Changes what a patch names.</summary>
    public async Task<ProblemHttpResult?> UpdateAsync<T, TFields>(Guid id, MergePatch<TFields> patch, CancellationToken ct)
        where T : CrmRecord
        where TFields : class, IFields<TFields, T>
    {
        var (record, problem) = await FindAsync<T>(id, patch.Version, ct);
        if (record is null) return problem;
        if (patch.Apply(TFields.Of(record), out var faults) is not { } fields) return Problems.Faulty(faults);
        fields.Write(record);
        return await SaveAsync(record, ct);
    }

    /// <summary>Gives a record to somebody; who had it before is kept.</summary>
    public async Task<ProblemHttpResult?> AssignAsync<T>(Guid id, AssignRequest request, CancellationToken ct)
        where T : CrmRecord, IOwned
    {
        var (record, problem) = await FindAsync<T>(id, request.Version, ct);
        if (record is null) return problem;
        record.OwnerId = request.OwnerId;
        return await SaveAsync(record, ct);
    }

    /// <summary>Deletes a record softly: its moves answer 404 until it is restored.</summary>
    public async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync<T>(Guid id, CancellationToken ct)
        where T : CrmRecord
    {
        var (record, problem) = await FindAsync<T>(id, null, ct);
        if (record is null) return problem!;
        record.DeletedAt = writer.Now();
        return await SaveAsync(record, ct) is { } refused ? refused : TypedResults.NoContent();
    }

    /// <summary>Brings a deleted record back; it needs no version: nobody can have changed it meanwhile.</summary>
    public async Task<ProblemHttpResult?> RestoreAsync<T>(Guid id, CancellationToken ct)
        where T : CrmRecord
    {
        var record = await db.Set<T>().IgnoreQueryFilters().SingleOrDefaultAsync(r => r.Id == id, ct);
        if (record is null) return Problems.NotFound(Noun<T>());
        if (record.DeletedAt is null) return Problems.Conflict($"The {record.Noun} is not deleted.");
        record.DeletedAt = null;
        return await SaveAsync(record, ct);
    }

    // Without a published process there is none to start.
    private async Task<ProblemHttpResult?> StartAsync(CrmRecord record, CancellationToken ct)
    {
        var result = await engine.StartAsync(new(new SubjectRef(record.Noun, record.Id), Actor), ct);
        return result is MoveResult.Moved or MoveResult.NotFound ? null : Problems.Of(result, current.Languages);
    }

    private static string Noun<T>() => string.Concat(typeof(T).Name.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {c}" : $"{c}")).ToLowerInvariant();
}
