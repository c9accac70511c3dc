using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;
using Crm.Wfm.Workflows;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Npgsql;

namespace Crm.Wfm.Subjects;

/// <summary>How the engine locks, reads and writes one kind of record. Two kinds of kinds: generic records, and entities of the host.</summary>
internal interface ISubjectType
{
    /// <summary>The schema of its facts, where the host knows it; <c>null</c> leaves that to the bundle.</summary>
    JsonSchema? Schema { get; }

    /// <summary>Spells a key the one way it is stored; <c>null</c> when the text can be no key of this kind.</summary>
    string? Canonical(string id);

    /// <summary>Tells whether post-actions may set a field.</summary>
    bool CanSet(string field);

    /// <summary>Tells whether changes are merged into a field, member by member, and do not replace it.</summary>
    bool IsMerged(string field);

    /// <summary>Finds what is wrong with changes somebody asks for; pointers start at a field.</summary>
    IReadOnlyList<Fault> Check(FactObject changes, JsonSchema? schema);

    /// <summary>Adds what locks the row, what applies the changes, and last of all what reads the facts.</summary>
    void AddRead(NpgsqlBatch batch, DbContext db, SubjectRead read);

    /// <summary>Reads what <see cref="AddRead"/> asked for; the reader stands on the first of its results, which are the batch's last.</summary>
    /// <returns><c>null</c> when there is no such record or it is deleted.</returns>
    Task<SubjectState?> ReadAsync(NpgsqlDataReader reader, DbContext db, SubjectRead read, CancellationToken ct);

    /// <summary>Adds what writes fields that post-actions set.</summary>
    void AddWrite(NpgsqlBatch batch, DbContext db, SubjectRead subject, FactObject values);

    /// <summary>Adds what mirrors where the record's default project stands.</summary>
    /// <returns>Whether there is a mirror to write.</returns>
    bool AddMirror(NpgsqlBatch batch, DbContext db, Standing standing);

    /// <summary>Gets the type of the event that tells of every move of such a record, besides the package's own; <c>null</c> for none.</summary>
    string? MovedEvent { get; }

    /// <summary>Finds the instance the host's context tracks; <c>null</c> when it tracks none.</summary>
    EntityEntry? Tracked(DbContext db, SubjectRef subject);
}

/// <summary>What is asked of a subject.</summary>
/// <param name="Subject">The record.</param>
/// <param name="Changes">Fields to set before reading.</param>
/// <param name="At">Business time of the change.</param>
/// <param name="By">Who changes.</param>
/// <param name="Lock">Whether to lock the row: not for a mere look.</param>
internal sealed record SubjectRead(SubjectRef Subject, FactObject Changes, DateTimeOffset At, Guid By, bool Lock);

/// <summary>Where a project has come to.</summary>
/// <param name="Subject">The record it governs.</param>
/// <param name="Project">The project.</param>
/// <param name="Step">The step it is in now.</param>
/// <param name="At">When it entered it, in business time.</param>
/// <param name="Starts">Whether it has just been started: then, being of the default type, it becomes the one that is mirrored.</param>
internal sealed record Standing(SubjectRef Subject, Guid Project, Step Step, DateTimeOffset At, bool Starts);
