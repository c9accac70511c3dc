using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Running;

/// <summary>Says whether a run may begin beside others, as its flow's activation strategy has it.</summary>
internal static class Activation
{
    /// <summary>
    /// Says why a run may not begin now; <c>null</c> when it may. Who asks is about to insert the run in the transaction at hand: until that ends, nobody else is answered for the same flow, or correlation id.
    /// </summary>
    public static async Task<string?> RefusalAsync(DbContext db, int definition, string? correlationId, CancellationToken ct)
    {
        var rows = await db.QueryAsync("select definition_id, activation from wfm_flows.definition where number = $1", [definition], r => (Flow: r.GetString(0), Strategy: Of(r.GetString(1))), ct);
        if (rows is not [var (flow, strategy)] || strategy == ActivationStrategy.Always) return null;
        var isByFlow = strategy is ActivationStrategy.Singleton or ActivationStrategy.CorrelatedSingleton;
        var isByCorrelation = strategy is ActivationStrategy.Correlation or ActivationStrategy.CorrelatedSingleton;
        // What belongs to nothing is beside nothing.
        if (isByCorrelation && string.IsNullOrEmpty(correlationId)) return null;
        var key = $"{(isByFlow ? flow : "")}\n{(isByCorrelation ? correlationId : "")}";
        await db.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('wfm_flows.activation ' || wfm.workspace() || ' ' || $1, 0))", [key], ct);
        var isGoingOn = (await db.QueryAsync("""
            select exists (
              select from wfm_flows.run r join wfm_flows.definition d on d.number = r.definition
              where r.finished_at is null and ($1 = '' or d.definition_id = $1) and ($2 = '' or r.correlation_id = $2))
            """, [isByFlow ? flow : "", isByCorrelation ? correlationId! : ""], r => r.GetBoolean(0), ct))[0];
        return !isGoingOn ? null : strategy switch
        {
            ActivationStrategy.Singleton => $"A run of '{flow}' goes on, and it runs one at a time.",
            ActivationStrategy.Correlation => $"A run with the correlation id '{correlationId}' goes on, and there is one at a time.",
            _ => $"A run of '{flow}' with the correlation id '{correlationId}' goes on, and there is one at a time.",
        };
    }

    /// <summary>Inserts runs, in the transaction at hand, those left out that may not begin now.</summary>
    /// <param name="db">The context.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="now">The business time.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="free">Versions that are known to have any number of runs at once.</param>
    /// <returns>The ids of those that are new.</returns>
    public static async Task<List<Guid>> StartAsync(DbContext db, IReadOnlyList<NewRun> runs, DateTimeOffset now, CancellationToken ct, IReadOnlySet<int>? free = null)
    {
        if (runs.Count == 0) return [];
        int[] unsure = [.. runs.Select(r => r.Definition).Distinct().Where(d => free?.Contains(d) != true)];
        var restricted = unsure is [] ? [] : (await db.QueryAsync("select number from wfm_flows.definition where number = any($1) and activation <> 'always' order by number",
            [unsure], r => r.GetInt32(0), ct)).ToHashSet();
        var started = await RunStore.InsertAsync(db, [.. runs.Where(r => !restricted.Contains(r.Definition))], now, ct);
        // One by one, for two of them may not begin beside each other; in one order everywhere, so that two hosts do not wait for each other.
        foreach (var run in runs.Where(r => restricted.Contains(r.Definition)).OrderBy(r => r.Definition).ThenBy(r => r.CorrelationId, StringComparer.Ordinal))
            if (await RefusalAsync(db, run.Definition, run.CorrelationId, ct) is null) started.AddRange(await RunStore.InsertAsync(db, [run], now, ct));
        return started;
    }

    private static ActivationStrategy Of(string name) => Enum.Parse<ActivationStrategy>(name, ignoreCase: true);
}
