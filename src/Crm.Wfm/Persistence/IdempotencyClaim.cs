using Crm.Wfm.Moves;
using Npgsql;

namespace Crm.Wfm.Persistence;

/// <summary>
/// Gives a repeated request the first one's answer. The key's row is written in the effect's own transaction: two at once queue up behind it, and
/// what is rolled back leaves none. Scope: workspace, actor, route, key; kept 24 hours.
/// </summary>
internal sealed class IdempotencyClaim(string route, Guid actor, string key, byte[] requestHash)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    public static Fault? CheckKey(string? key) =>
        key is null || key.Length is > 0 and <= 200
            ? CommandValues.Unstorable(key, "/idempotencyKey")
            : new("/idempotencyKey", "length", "An idempotency key has 1 to 200 characters.");

    /// <summary>Adds what claims the key and what finds an answer there may be.</summary>
    public void AddTo(NpgsqlBatch batch, Guid workspace, DateTimeOffset now)
    {
        batch.Add("""
            insert into wfm.idempotency as i (workspace_id, actor_id, route, key, request_hash, created_at) values ($1, $2, $3, $4, $5, $6)
            on conflict on constraint pk_idempotency do update set request_hash = excluded.request_hash, answer = null, created_at = excluded.created_at
            where i.created_at < $7
            """, workspace, actor, route, key, requestHash, now.ToUniversalTime(), (now - Kept).ToUniversalTime());
        batch.Add("select request_hash = $4, answer from wfm.idempotency where actor_id = $1 and route = $2 and key = $3", actor, route, key, requestHash);
    }

    /// <summary>Reads what <see cref="AddTo"/> found: whether the key was used for another request, else the answer kept, if any.</summary>
    public static async Task<(bool Reused, string? Answer)> ReadAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        await reader.ReadAsync(ct);
        if (!reader.GetBoolean(0)) return (true, null);
        return (false, await reader.IsDBNullAsync(1, ct) ? null : reader.GetString(1));
    }

    /// <summary>Adds what keeps the answer.</summary>
    public void AddAnswer(NpgsqlBatch batch, string json) =>
        batch.Add("update wfm.idempotency set answer = $1 where actor_id = $2 and route = $3 and key = $4", Batches.Text(json), actor, route, key);
}
