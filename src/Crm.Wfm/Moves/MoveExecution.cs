using Crm.Wfm.Events;
using Crm.Wfm.History;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Crm.Wfm.Subjects;
using Crm.Wfm.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Moves;

/// <summary>One move inside one transaction: read under lock, decide, write.</summary>
internal sealed class MoveExecution(HostContext host, SubjectTypes subjects, WorkflowCatalog catalog, IServiceProvider services, EngineTransaction transaction)
{
    public async Task<MoveResult> MoveAsync(MoveCommand command, DateTimeOffset at, CancellationToken ct)
    {
        var faults = new List<Fault>();
        var input = CommandValues.Read(command.Input, "/input", faults);
        var changes = CommandValues.Read(command.Changes, "/changes", faults);
        CommandValues.Check(command.Transition, "/transition", faults);
        CommandValues.Check(command.Reason, "/reason", faults);
        if (IdempotencyClaim.CheckKey(command.IdempotencyKey) is { } wrongKey) faults.Add(wrongKey);
        if (faults.Count > 0) return new MoveResult.Invalid(faults);

        var idempotency = Idempotency.Of(command, input, changes);
        var read = new SituationReader(host, subjects, transaction);
        (ProjectReading Reading, Situation? Situation)? found;
        try
        {
            found = await read.LockAsync(command, input, changes.AsObject ?? FactObject.Empty, idempotency, at, ct);
        }
        catch (PostgresException e) when (!changes.IsNull && IsRefusal(e)) // the host's own columns and constraints
        {
            return new MoveResult.Invalid([Refused(e).Below("/changes")]);
        }

        if (read.Answered is { } answered) return answered;
        if (found is not var (reading, situation)) return new MoveResult.NotFound("project");
        var project = reading.State;
        if (command.ExpectedVersion is { } expected && expected != project.Version)
        {
            return new MoveResult.Conflict(project.Version, $"The project is at version {project.Version}, not {expected}.");
        }

        if (situation is null) return new MoveResult.NotFound(project.Subject.Type); // deleted
        var workflow = await catalog.GetAsync(host.Workspace, reading.WorkflowVersion, transaction, ct);
        if (CheckChanges(workflow, project.Subject, changes) is { Count: > 0 } wrong) return new MoveResult.Invalid(wrong);
        var (decision, observed) = Decide(workflow, command, situation);
        return decision is Decision.Moved moved
            ? await WriteAsync(command, reading, situation, moved.Plan, observed, changes, at, idempotency, read, ct)
            : MoveResult.Refused.Of((Decision.Refused)decision, project.Step, project.Version);
    }

    /// <summary>Asks the gate; tells what an observed move would have been refused for.</summary>
    private static (Decision Decision, IReadOnlyList<Reason> Observed) Decide(Workflow workflow, MoveCommand command, Situation situation)
    {
        if (command.Past is { Observe: true } && Gate.Observe(workflow, command.Transition, situation) is var (past, observed)) return (new Decision.Moved(past), observed);
        return (Gate.Decide(workflow, command.Transition, situation), []);
    }

    private Fault Refused(PostgresException e) => services.GetRequiredService<WfmBuilder>().RefusedChange(e);

    // A value the subject's table does not take; what the engine's own tables do not take is no fault of a value.
    private static bool IsRefusal(PostgresException e) => e is { SqlState: ['2', '2' or '3', ..] } and not { SchemaName: "wfm", TableName: "project" or "history" };

    private IReadOnlyList<Fault> CheckChanges(Workflow workflow, SubjectRef subject, Value changes) => changes.AsObject is { Count: > 0 } fields
        ? [.. subjects[subject.Type].Check(fields, workflow.Subjects.GetValueOrDefault(subject.Type)).Select(f => f.Below("/changes"))]
        : [];

    private async Task<MoveResult> WriteAsync(
        MoveCommand command, ProjectReading reading, Situation situation, MovePlan plan, IReadOnlyList<Reason> observed, Value changes,
        DateTimeOffset at, IdempotencyClaim? idempotency, SituationReader read, CancellationToken ct)
    {
        var project = reading.State;
        var type = subjects[project.Subject.Type];
        var events = EventBatch.Of(project, plan, command.Actor.Id, at, command.Cause, type.MovedEvent);
        var recordVersion = situation.Subject.Version;
        if (plan.Effects.Actions.Count > 0)
        {
            if (await ActAsync(plan, project, command.Actor, at, events.Moved, ct) is { } instead) return instead;
            recordVersion = await read.VersionAsync(situation, ct); // an action may have changed the record as well
        }

        var entry = HistoryEntry.Of(host.Workspace, project, reading.WorkflowVersion, plan, new(command.Actor.Id, at, situation.Input, changes, command.Reason, observed));
        await using var batch = transaction.Batch();
        batch.Add("select wfm.move($1, $2, $3, $4, $5)", entry.Body, Batches.Jsonb(entry.Private), entry.Salt,
            Batches.Jsonb(plan.Effects.Project is { } fields ? CanonicalJson.Text(Value.From(fields)) : null),
            Batches.Jsonb(CanonicalJson.Text(events.Events)));
        if (plan.Effects.Entity.Count > 0)
        {
            type.AddWrite(batch, host.Db, new(project.Subject, FactObject.Empty, at, command.Actor.Id, true), plan.Effects.Entity);
            recordVersion++;
        }

        var writes = type.AddMirror(batch, host.Db, new(project.Subject, project.Id, plan.To, at, Starts: false)) || !changes.IsNull || plan.Effects.Entity.Count > 0;
        var moved = new MoveResult.Moved(project.Id, command.Transition, project.Step, plan.To.Key, project.Version + 1, recordVersion, plan.To.Final, at, plan.Warnings, observed);
        idempotency?.AddAnswer(batch, moved);
        try
        {
            await transaction.CommitAsync(batch, writes ? type.Tracked(host.Db, project.Subject) : null, ct);
            return moved;
        }
        catch (PostgresException e) when (plan.Effects.Entity.Count > 0 && IsRefusal(e)) // what post-actions set, from an input say
        {
            return new MoveResult.Invalid([Refused(e).Below("/entity")]);
        }
    }

    private async Task<MoveResult?> ActAsync(MovePlan plan, ProjectState project, Actor actor, DateTimeOffset at, EventCause cause, CancellationToken ct)
    {
        foreach (var (action, value) in plan.Effects.Actions)
        {
            var run = services.GetRequiredKeyedService<IPostAction>(action.Do);
            if (await run.RunAsync(new(action, value, plan, project, actor, at, cause, host.Db), ct) is { } instead) return instead;
        }

        return null;
    }
}
