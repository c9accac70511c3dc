using Crm.Wfm.Events;
using Crm.Wfm.History;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;
using Crm.Wfm.Subjects;
using Crm.Wfm.Workflows;
using Npgsql;

namespace Crm.Wfm.Moves;

/// <summary>One start inside one transaction.</summary>
internal sealed class StartExecution(HostContext host, SubjectTypes subjects, WorkflowCatalog catalog, EngineTransaction transaction)
{
    private sealed record Place(string ProjectType, Guid WorkflowVersion, string Step, int? Count, Guid? OpenProject, bool IsDefault);

    public async Task<MoveResult> StartAsync(StartCommand command, DateTimeOffset at, CancellationToken ct)
    {
        var faults = new List<Fault>();
        var fields = CommandValues.Read(command.Fields, "/fields", faults);
        CommandValues.Check(command.Subject.Type, "/subject/type", faults);
        CommandValues.Check(command.Subject.Id, "/subject/id", faults);
        CommandValues.Check(command.ProjectType, "/projectType", faults);
        CommandValues.Check(command.Reason, "/reason", faults);
        if (IdempotencyClaim.CheckKey(command.IdempotencyKey) is { } wrongKey) faults.Add(wrongKey);
        if (faults.Count > 0) return new MoveResult.Invalid(faults);
        var type = subjects[command.Subject.Type];
        if (type.Canonical(command.Subject.Id) is not { } key) return new MoveResult.NotFound("subject");
        command = command with { Subject = command.Subject with { Id = key } };

        var idempotency = Idempotency.Of(command, fields);
        var read = new SubjectRead(command.Subject, FactObject.Empty, at, command.Actor.Id, true);
        Place? place;
        SubjectState? subject;
        await using (var batch = transaction.FirstBatch())
        {
            idempotency?.AddTo(batch, host.Workspace, at);
            batch.Add("select project_type, workflow_version_id, step, count, open_project, is_default from wfm.lock_start($1, $2, $3)",
                Batches.Text(command.ProjectType), command.Subject.Type, command.Subject.Id);
            type.AddRead(batch, host.Db, read);
            await using var reader = await batch.ExecuteReaderAsync(ct);
            await reader.NextResultAsync(ct); // past set_config
            if (idempotency is not null)
            {
                if (await Idempotency.ReadAsync(reader, ct) is { } answered) return answered;
                await reader.NextResultAsync(ct);
            }

            place = await ReadPlaceAsync(reader, ct);
            await reader.NextResultAsync(ct);
            subject = await type.ReadAsync(reader, host.Db, read, ct);
        }

        if (subject is null) return new MoveResult.NotFound("subject");
        if (place is null) return new MoveResult.NotFound("project type");
        if (place.OpenProject is { } open) return new MoveResult.Conflict(null, $"{command.Subject} has the open project {open} of type {place.ProjectType} already.");
        return await DecideAsync(command, place, subject, fields, at, idempotency, ct);
    }

    private async Task<MoveResult> DecideAsync(
        StartCommand command, Place place, SubjectState subject, Value fields, DateTimeOffset at, IdempotencyClaim? idempotency, CancellationToken ct)
    {
        var workflow = await catalog.GetAsync(host.Workspace, place.WorkflowVersion, transaction, ct);
        if (CheckFields(workflow.Fields.GetValueOrDefault(place.ProjectType), fields) is { Count: > 0 } faults) return new MoveResult.Invalid(faults);
        var project = new ProjectState
        {
            Id = command.Project ?? Guid.CreateVersion7(at),
            Type = place.ProjectType,
            Subject = command.Subject,
            Step = place.Step,
            Version = 0,
            StartedAt = at,
            EnteredAt = at,
            Fields = fields.AsObject ?? FactObject.Empty,
            Counts = place.Count is { } count ? new Dictionary<string, int> { [place.Step] = count } : [],
        };
        var situation = new Situation(project, subject, command.Actor, at);
        switch (Gate.Start(workflow, situation))
        {
            case Decision.Moved moved: return await WriteAsync(command, place, situation, moved.Plan, [], idempotency, ct);
            case Decision.Refused refused when command.Past is not { Observe: true }: return MoveResult.Refused.Of(refused, null, 0);
            case Decision.Refused refused: return await WriteAsync(command, place, situation, Gate.StartPlan(workflow, situation), refused.Reasons, idempotency, ct);
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<MoveResult> WriteAsync(
        StartCommand command, Place place, Situation situation, MovePlan plan, IReadOnlyList<Reason> observed, IdempotencyClaim? idempotency, CancellationToken ct)
    {
        var (project, at) = (situation.Project, situation.Now);
        var entry = HistoryEntry.Of(host.Workspace, project, place.WorkflowVersion, plan, new(command.Actor.Id, at, Value.Null, Value.Null, command.Reason, observed));
        await using var batch = transaction.Batch();
        batch.Add("select wfm.start($1, $2, $3, $4, $5)", entry.Body, Batches.Jsonb(entry.Private), entry.Salt,
            Batches.Jsonb(CanonicalJson.Text(Value.From(project.Fields))), Batches.Jsonb(CanonicalJson.Text(EventBatch.Of(project, plan, command.Actor.Id, at, command.Cause).Events)));
        var type = subjects[project.Subject.Type];
        var writes = place.IsDefault && type.AddMirror(batch, host.Db, new(project.Subject, project.Id, plan.To, at, Starts: true));
        var moved = new MoveResult.Moved(project.Id, null, null, plan.To.Key, 1, situation.Subject.Version, plan.To.Final, at, [], observed);
        idempotency?.AddAnswer(batch, moved);
        await transaction.CommitAsync(batch, writes ? type.Tracked(host.Db, project.Subject) : null, ct);
        if (!transaction.IsJoined) subjects.Remember(host.Workspace, project.Id, project.Subject);
        return moved;
    }

    private static IReadOnlyList<Fault> CheckFields(JsonSchema? schema, Value fields)
    {
        if (schema is not null) return [.. schema.Validate(fields.IsNull ? Value.From(FactObject.Empty) : fields).Select(f => f.Below("/fields"))];
        return fields.AsObject is { Count: > 0 } ? [new("/fields", "unexpected", "The project type has no fields of its own.")] : [];
    }

    private static async Task<Place?> ReadPlaceAsync(NpgsqlDataReader reader, CancellationToken ct) => await reader.ReadAsync(ct)
        ? new(reader.GetString(0), reader.GetGuid(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetGuid(4), reader.GetBoolean(5))
        : null;
}
