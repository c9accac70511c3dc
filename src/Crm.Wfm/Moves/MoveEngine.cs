using Crm.Wfm.Persistence;
using Crm.Wfm.Subjects;
using Crm.Wfm.Workflows;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Wfm.Moves;

/// <summary>
/// Starts and moves projects: the only writer of a step. Each call is one transaction that reads under lock, asks the gate, writes and commits in two
/// round trips; in a transaction of the caller's own it joins that one and leaves the commit to the caller.
/// </summary>
public sealed class MoveEngine
{
    private static readonly TimeSpan Respite = TimeSpan.FromMilliseconds(20);
    private readonly HostContext _host;
    private readonly SubjectTypes _subjects;
    private readonly WorkflowCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly IServiceProvider _services;

    internal MoveEngine(HostContext host, SubjectTypes subjects, WorkflowCatalog catalog, TimeProvider time, IServiceProvider services) =>
        (_host, _subjects, _catalog, _time, _services) = (host, subjects, catalog, time, services);

    /// <summary>Carries out a transition, if the gate lets it. Where the move writes the subject, an instance the host's context tracks is read again: save your own changes to it first.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached; nothing is known of the move, and repeating it under its idempotency key is safe.</exception>
    public Task<MoveResult> MoveAsync(MoveCommand command, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(command);
        return ExecuteAsync(t => new MoveExecution(_host, _subjects, _catalog, _services, t).MoveAsync(command, command.Past?.At ?? _time.GetUtcNow(), ct), ct);
    }

    /// <summary>Starts a project for a subject, in its workflow's initial step.</summary>
    /// <inheritdoc cref="MoveAsync" path="/exception"/>
    public Task<MoveResult> StartAsync(StartCommand command, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(command);
        return ExecuteAsync(t => new StartExecution(_host, _subjects, _catalog, t).StartAsync(command, command.Past?.At ?? _time.GetUtcNow(), ct), ct);
    }

    /// <summary>Lists what an actor can do with a project now, and why not what they cannot.</summary>
    /// <returns><c>null</c> when there is no such project, or its subject is deleted.</returns>
    public Task<ProjectOffers?> OffersAsync(Guid project, Actor actor, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return _host.ExecuteAsync(token => LookAsync(project, actor, token), ct);
    }

    private async Task<ProjectOffers?> LookAsync(Guid project, Actor actor, CancellationToken ct)
    {
        await using var transaction = await EngineTransaction.BeginAsync(_host, ct);
        var found = await new SituationReader(_host, _subjects, transaction).LookAsync(project, actor, _time.GetUtcNow(), ct);
        if (found is not (var reading, { } situation)) return null;
        var workflow = await _catalog.GetAsync(_host.Workspace, reading.WorkflowVersion, transaction, ct);
        return new(situation.Project, situation.Subject.Version, workflow, Gate.Offers(workflow, situation));
    }

    private async Task<MoveResult> ExecuteAsync(Func<EngineTransaction, Task<MoveResult>> execute, CancellationToken ct)
    {
        if (_host.Db.Database.CurrentTransaction is not null) return await OnceAsync(execute, ct);
        var strategy = _host.Db.Database.CreateExecutionStrategy();
        // One that does not retry would only wrap an outage's exception into advice to use one that does.
        return strategy.RetriesOnFailure ? await strategy.ExecuteAsync(_ => ThriceAsync(execute, ct), ct) : await ThriceAsync(execute, ct);
    }

    // 40P01 and 40001 are nobody's fault: three tries where the transaction is ours, else the caller has to know.
    private async Task<MoveResult> ThriceAsync(Func<EngineTransaction, Task<MoveResult>> execute, CancellationToken ct)
    {
        var result = await OnceAsync(execute, ct);
        for (var tries = 1; tries < 3 && result is MoveResult.Conflict { IsContention: true }; tries++)
        {
            // At once we would have our locks again before whoever waits for them wakes up, and meet in the same deadlock.
            await Task.Delay(tries * Respite, ct);
            result = await OnceAsync(execute, ct);
        }

        return result;
    }

    private async Task<MoveResult> OnceAsync(Func<EngineTransaction, Task<MoveResult>> execute, CancellationToken ct)
    {
        await using var transaction = await EngineTransaction.BeginAsync(_host, ct);
        try
        {
            return await execute(transaction);
        }
        catch (Exception e) when (IsContention(e))
        {
            return new MoveResult.Conflict(null, "The database could not serialize this move with others; try again.") { IsContention = true };
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "uq_project_open" or "pk_project" })
        {
            return new MoveResult.Conflict(null, "There is such a project already.");
        }
    }

    // EF Core, by which a host's post-action writes, wraps what the database says.
    private static bool IsContention(Exception? e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable }
        || (e is not null && IsContention(e.InnerException));
}

/// <summary>A project and what an actor can do with it.</summary>
/// <param name="Project">The project.</param>
/// <param name="RecordVersion">The subject's version, where it has one.</param>
/// <param name="Workflow">The workflow it follows.</param>
/// <param name="Offers">The transitions out of its step that the actor is allowed, available or blocked.</param>
public sealed record ProjectOffers(ProjectState Project, int? RecordVersion, Workflow Workflow, IReadOnlyList<TransitionOffer> Offers);
