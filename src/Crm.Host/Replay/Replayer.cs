using System.Collections.Concurrent;
using Crm.Entities;
using Crm.Entities.Users;
using Crm.Host.Database;
using Crm.Wfm;
using Crm.Wfm.Bundles;
using Crm.Wfm.History;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Records;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Replay;

/// <summary>
/// Plays a log through the engine: a workspace of its own, the log's resources as users, a project per case, every event a move at its recorded time.
/// Guards are observed, not obeyed: what happened did happen. A missing edge stops its case.
/// </summary>
internal sealed class Replayer(IServiceProvider services, LogMapping mapping, ReplayCounts counts)
{
    private readonly Guid _workspace = Guid.CreateVersion7(services.GetRequiredService<TimeProvider>().GetUtcNow());
    private readonly Dictionary<string, Actor> _users = [];

    public async Task PrepareAsync(string name, byte[] bundle, IReadOnlyList<LogCase> cases, CancellationToken ct)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await using (var command = services.GetRequiredService<CrmDatabase>().Source.CreateCommand("select crm.create_workspace($1, $2, $3)"))
        {
            command.Parameters.AddWithValue(_workspace);
            command.Parameters.AddWithValue(name);
            command.Parameters.AddWithValue(now);
            await command.ExecuteNonQueryAsync(ct);
        }

        await using var scope = Scope();
        var db = scope.ServiceProvider.GetRequiredService<CrmDbContext>();
        await using var transaction = await db.Database.BeginWorkspaceAsync(_workspace, ct);
        foreach (var resource in cases.SelectMany(c => c.Events).Select(e => e.Resource).Distinct())
        {
            var user = new User { WorkspaceId = _workspace, Id = Guid.CreateVersion7(now), Name = resource, Roles = [], CreatedAt = now };
            db.Users.Add(user);
            _users[resource] = new(user.Id);
        }

        await db.SaveChangesAsync(ct);
        if (await scope.ServiceProvider.GetRequiredService<BundlePublisher>().PublishAsync(bundle, Actor.System, false, ct) is PublishResult.Faulty faulty)
        {
            throw new InvalidDataException(string.Join(Environment.NewLine, faulty.Faults.Select(f => $"{f.Pointer}: {f.Message}")));
        }

        await transaction.CommitAsync(ct);
        counts.Users = _users.Count;
    }

    /// <summary>Plays the cases, a few at a time; the moves of one case in their order.</summary>
    public Task PlayAsync(IReadOnlyList<LogCase> cases, int parallel, CancellationToken ct) =>
        Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = ct }, PlayAsync);

    public async Task<HistoryReport> VerifyAsync(CancellationToken ct)
    {
        await using var scope = Scope();
        return await scope.ServiceProvider.GetRequiredService<HistoryVerifier>().VerifyAsync(ct);
    }

    public async Task<IReadOnlyList<(string Step, int Count)>> FinalStepsAsync(CancellationToken ct)
    {
        await using var scope = Scope();
        var db = scope.ServiceProvider.GetRequiredService<CrmDbContext>();
        await using var transaction = await db.Database.BeginWorkspaceAsync(_workspace, ct);
        var steps = await db.Set<ProjectRow>().GroupBy(p => p.Step).Select(g => new { Step = g.Key, Count = g.Count() }).ToListAsync(ct);
        return [.. steps.OrderByDescending(s => s.Count).Select(s => (s.Step, s.Count))];
    }

    private async ValueTask PlayAsync(LogCase played, CancellationToken ct)
    {
        await using var scope = Scope();
        var engine = scope.ServiceProvider.GetRequiredService<MoveEngine>();
        var first = played.Events[0];
        if (!mapping.IsStart(first.Activity))
        {
            counts.Stop(played, 0, $"{first.Activity} does not start the process");
            return;
        }

        if (await StartAsync(scope.ServiceProvider, engine, played, ct) is not MoveResult.Moved moved)
        {
            counts.Stop(played, 0, "the project could not be started");
            return;
        }

        counts.Start(moved);
        for (var i = 1; i < played.Events.Count; i++)
        {
            var next = played.Events[i];
            if (mapping.Transition(moved.To, next.Activity) is not { } transition)
            {
                counts.Stop(played, i, $"no edge from {moved.To} to {next.Activity}");
                return;
            }

            var result = await engine.MoveAsync(new(moved.Project, transition, _users[next.Resource]) { ExpectedVersion = moved.Version, Past = new(next.Time, Observe: true) }, ct);
            if (result is not MoveResult.Moved made)
            {
                counts.Refuse(played, i, result);
                return;
            }

            counts.Move(moved = made);
        }

        counts.Finish();
    }

    private async Task<MoveResult> StartAsync(IServiceProvider scope, MoveEngine engine, LogCase played, CancellationToken ct)
    {
        var first = played.Events[0];
        var actor = _users[first.Resource];
        var db = scope.GetRequiredService<CrmDbContext>();
        await using var transaction = await db.Database.BeginWorkspaceAsync(_workspace, ct);
        var created = await scope.GetRequiredService<RecordStore>().CreateAsync(new(mapping.Type.Subject, played.Id, actor) { Fields = mapping.Fields(played.Attributes) }, ct);
        if (created is not RecordResult.Saved saved) return new MoveResult.Invalid((created as RecordResult.Invalid)?.Faults ?? []);
        var result = await engine.StartAsync(new(new SubjectRef(mapping.Type.Subject, saved.Record.Id), actor) { ProjectType = mapping.Type.Key, Past = new(first.Time, Observe: true) }, ct);
        await transaction.CommitAsync(ct);
        return result;
    }

    private AsyncServiceScope Scope()
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().Id = _workspace;
        return scope;
    }
}

/// <summary>What is counted while playing.</summary>
internal sealed class ReplayCounts(int total)
{
    private readonly ConcurrentDictionary<string, int> _observed = [];
    private readonly ConcurrentDictionary<string, int> _stopped = [];
    private readonly ConcurrentBag<string> _examples = [];
    private int _starts;
    private int _moves;
    private int _cases;

    public int Total => total;

    public int Users { get; set; }

    public int Starts => _starts;

    public int Moves => _moves;

    public int Cases => _cases;

    /// <summary>Gets how many past moves each reason would have refused.</summary>
    public IReadOnlyDictionary<string, int> Observed => _observed;

    /// <summary>Gets why cases were stopped.</summary>
    public IReadOnlyDictionary<string, int> Stopped => _stopped;

    /// <summary>Gets a few stopped cases to look at.</summary>
    public IEnumerable<string> Examples => _examples.Take(5);

    public void Start(MoveResult.Moved moved) => Count(ref _starts, moved);

    public void Move(MoveResult.Moved moved) => Count(ref _moves, moved);

    public void Finish() => Interlocked.Increment(ref _cases);

    public void Refuse(LogCase played, int at, MoveResult result) =>
        Stop(played, at, result is MoveResult.Refused refused ? string.Join(", ", refused.Reasons.Select(r => r.Key)) : result.GetType().Name);

    public void Stop(LogCase played, int at, string why)
    {
        _stopped.AddOrUpdate(why, 1, (_, n) => n + 1);
        _examples.Add($"case {played.Id}, event {at + 1}: {why}");
        Finish();
    }

    private void Count(ref int counter, MoveResult.Moved moved)
    {
        Interlocked.Increment(ref counter);
        foreach (var reason in moved.Observed) _observed.AddOrUpdate(reason.Key, 1, (_, n) => n + 1);
    }
}
