using Crm.Entities.Users;
using Crm.Wfm.Moves;
using Crm.Wfm.Records;

namespace Crm.Host.Demo;

/// <summary>Records of every process that has no noun of its own, each walked to a step of it by whom the process lets.</summary>
internal sealed class DemoWork(RecordStore records, MoveEngine engine, DateTimeOffset now)
{
    private static readonly TimeSpan BetweenMoves = TimeSpan.FromDays(3);

    /// <summary>Makes them, in the transaction at hand.</summary>
    /// <param name="people">Who works there; the first one owns all of it, so that who tries the demo has something to do.</param>
    /// <param name="ct">Cancels between two moves.</param>
    public async Task MakeAsync(IReadOnlyList<User> people, CancellationToken ct)
    {
        foreach (var process in DemoProcess.All)
        {
            foreach (var (i, path) in process.Paths.Index()) await MakeAsync(process, process.Names[i], path.Split(' ', StringSplitOptions.RemoveEmptyEntries), people, ct);
        }
    }

    private async Task MakeAsync(DemoProcess process, string name, string[] path, IReadOnlyList<User> people, CancellationToken ct)
    {
        var at = now - (path.Length + 1) * BetweenMoves;
        var owner = new Actor(people[0].Id, people[0].Roles);
        var created = await records.CreateAsync(new(process.Type, name, owner) { OwnerId = owner.Id, Fields = process.Fields(DateOnly.FromDateTime(at.UtcDateTime)), Past = at }, ct);
        if (created is not RecordResult.Saved saved) throw Stuck(name, "creating", created);
        var result = await engine.StartAsync(new(new SubjectRef(process.Type, saved.Record.Id), owner) { Past = new(at) }, ct);
        if (result is not MoveResult.Moved started) throw Stuck(name, "starting", result);
        foreach (var transition in path) await MoveAsync(process, name, started.Project, transition, at += BetweenMoves, people, ct);
    }

    // Whoever is let: roles, owner and four eyes are the process's business.
    private async Task MoveAsync(DemoProcess process, string name, Guid project, string transition, DateTimeOffset at, IReadOnlyList<User> people, CancellationToken ct)
    {
        MoveResult? result = null;
        foreach (var user in people)
        {
            var command = new MoveCommand(project, transition, new(user.Id, user.Roles)) { Input = process.Input(transition, DateOnly.FromDateTime(at.UtcDateTime)), Past = new(at) };
            result = await engine.MoveAsync(command, ct);
            if (result is MoveResult.Moved) return;
        }

        throw Stuck(name, transition, result);
    }

    // As with the records: better no demo than half of one.
    private static InvalidOperationException Stuck(string name, string what, object? result) =>
        new($"The demo's {name}, {what}: {(result is MoveResult.Refused refused ? string.Join("; ", refused.Reasons.Select(r => $"{r.Key} ({r.Message.Default})")) : result)}");
}
