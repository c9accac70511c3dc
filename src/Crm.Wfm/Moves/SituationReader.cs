using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Crm.Wfm.Subjects;
using Npgsql;

namespace Crm.Wfm.Moves;

/// <summary>Reads what a decision needs: in one round trip when the project's subject is known to this host, else in two.</summary>
internal sealed class SituationReader(HostContext host, SubjectTypes subjects, EngineTransaction transaction)
{
    /// <summary>An answer that was found before anything else was read.</summary>
    public MoveResult? Answered { get; private set; }

    /// <summary>Locks the project, its counters and its subject, applies the changes and reads the facts, in this order.</summary>
    public Task<(ProjectReading Reading, Situation? Situation)?> LockAsync(MoveCommand command, Value input, FactObject changes, IdempotencyClaim? idempotency, DateTimeOffset at, CancellationToken ct) =>
        ReadAsync(command.Project, command.Actor, at, changes, true, batch =>
        {
            idempotency?.AddTo(batch, host.Workspace, at);
            ProjectReading.AddLock(batch, command.Project, command.Transition);
        }, idempotency, input, ct);

    /// <summary>Reads without locking, for a list of what could be done.</summary>
    public Task<(ProjectReading Reading, Situation? Situation)?> LookAsync(Guid project, Actor actor, DateTimeOffset at, CancellationToken ct) =>
        ReadAsync(project, actor, at, FactObject.Empty, false, batch => ProjectReading.AddLook(batch, project), null, Value.Null, ct);

    /// <summary>Reads the subject's version again.</summary>
    public async Task<int?> VersionAsync(Situation situation, CancellationToken ct) =>
        (await ReadSubjectAsync(new(situation.Project.Subject, FactObject.Empty, situation.Now, situation.Actor.Id, false), ct))?.Version;

    private async Task<(ProjectReading, Situation?)?> ReadAsync(
        Guid project, Actor actor, DateTimeOffset at, FactObject changes, bool locked, Action<NpgsqlBatch> addProject, IdempotencyClaim? idempotency, Value input, CancellationToken ct)
    {
        await using var batch = transaction.FirstBatch();
        addProject(batch);
        var known = subjects.Of(host.Workspace, project) is { } subject ? new SubjectRead(subject, changes, at, actor.Id, locked) : null;
        if (known is not null) subjects[known.Subject.Type].AddRead(batch, host.Db, known);

        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct); // past set_config
        if (idempotency is not null)
        {
            Answered = await Idempotency.ReadAsync(reader, ct);
            if (Answered is not null) return null;
            await reader.NextResultAsync(ct);
        }

        if (await ProjectReading.ReadAsync(reader, project, ct) is not { } reading) return null;
        if (known is null)
        {
            await reader.DisposeAsync();
            known = new(reading.State.Subject, changes, at, actor.Id, locked);
            return (reading, Situation(reading, await ReadSubjectAsync(known, ct), actor, input, changes, at));
        }

        await reader.NextResultAsync(ct);
        return (reading, Situation(reading, await subjects[known.Subject.Type].ReadAsync(reader, host.Db, known, ct), actor, input, changes, at));
    }

    private async Task<SubjectState?> ReadSubjectAsync(SubjectRead read, CancellationToken ct)
    {
        var type = subjects[read.Subject.Type];
        await using var batch = transaction.Batch();
        type.AddRead(batch, host.Db, read);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await type.ReadAsync(reader, host.Db, read, ct);
    }

    private Situation? Situation(ProjectReading reading, SubjectState? subject, Actor actor, Value input, FactObject changes, DateTimeOffset at)
    {
        if (!transaction.IsJoined) subjects.Remember(host.Workspace, reading.State.Id, reading.State.Subject);
        return subject is null ? null : new(reading.State, subject, actor, at) { Input = input, Changes = changes, Kind = subjects[reading.State.Subject.Type] };
    }
}
