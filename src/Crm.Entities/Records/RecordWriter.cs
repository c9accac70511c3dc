using Crm.Wfm.Events;
using Crm.Wfm.Moves;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Entities.Records;

/// <summary>Who changes records, and what made an automation do it.</summary>
/// <param name="Actor">Who changes.</param>
/// <param name="Cause">The event an automation acts upon; <c>null</c> when a person or a program asks.</param>
/// <param name="Past">When, for records brought in from the past; <c>null</c> is now. In-process only: no request can set it.</param>
public sealed record Author(Actor Actor, EventCause? Cause = null, DateTimeOffset? Past = null);

/// <summary>What came of saving.</summary>
public abstract record SaveResult
{
    private SaveResult()
    {
    }

    /// <summary>All is written.</summary>
    public sealed record Saved : SaveResult;

    /// <summary>Somebody else changed a record first; nothing is written.</summary>
    public sealed record Stale : SaveResult;

    /// <summary>The database refuses a value: a link that leads nowhere, a currency that is none; nothing is written, and the transaction can only be undone.</summary>
    public sealed record Invalid(IReadOnlyList<Wfm.Fault> Faults) : SaveResult;
}

/// <summary>The one way records are saved, for every caller: it says who and when, raises versions, and tells of each change by events in the same transaction.</summary>
public sealed class RecordWriter(CrmDbContext db, EventEmitter events, TimeProvider time)
{
    /// <summary>Saves what was added to the context, changed in it or removed from it, in the transaction at hand.</summary>
    public async Task<SaveResult> SaveAsync(Author author, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(author);
        var now = author.Past?.ToUniversalTime() ?? Now();
        var told = new List<NewEvent>();
        foreach (var entry in db.ChangeTracker.Entries<CrmRecord>().Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted).ToList())
        {
            if (entry is { State: EntityState.Modified, Entity: IOwned owned } && entry.Property(nameof(IOwned.OwnerId)) is { IsModified: true, OriginalValue: var before })
            {
                owned.PreviousOwnerId = (Guid?)before;
            }

            told.AddRange(RecordEvents.Of(entry));
            Stamp(entry.Entity, entry.State, author.Actor.Id, now);
        }

        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new SaveResult.Stale();
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: ['2', '2' or '3', ..] } refusal)
        {
            return new SaveResult.Invalid([RecordFaults.Of(refusal)]);
        }

        await events.EmitAsync(told, author.Actor, now, author.Cause, ct);
        return new SaveResult.Saved();
    }

    /// <summary>Tells the time, cut to what the database keeps.</summary>
    public DateTimeOffset Now()
    {
        var now = time.GetUtcNow().ToUniversalTime();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static void Stamp(CrmRecord record, EntityState state, Guid by, DateTimeOffset now)
    {
        if (state == EntityState.Added) (record.Version, record.CreatedAt, record.CreatedBy) = (1, now, by);
        else record.Version++;
        (record.UpdatedAt, record.UpdatedBy) = (now, by);
    }
}
