using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Npgsql;

namespace Crm.Wfm.Moves;

/// <summary>
/// Gives a repeated command the first one's answer. The key's row is written in the effect's own transaction: two at once queue up behind it, and a
/// refusal, rolled back, leaves none.
/// </summary>
internal sealed class Idempotency(string route, Guid actor, string key, byte[] requestHash)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    public static Idempotency? Of(MoveCommand command, Value input, Value changes) => command.IdempotencyKey is { } key
        ? new("move", command.Actor.Id, key, Hash(command.Project.ToString(), command.Transition, command.ExpectedVersion?.ToString(), input, changes, command.Reason))
        : null;

    public static Idempotency? Of(StartCommand command, Value fields) => command.IdempotencyKey is { } key
        ? new("start", command.Actor.Id, key, Hash(command.Subject.ToString(), command.ProjectType ?? "", command.Project?.ToString(), fields, Value.Null, command.Reason))
        : null;

    public static Fault? CheckKey(string? key) =>
        key is null || key.Length is > 0 and <= 200 ? null : new("/idempotencyKey", "length", "An idempotency key has 1 to 200 characters.");

    /// <summary>Adds what claims the key and what finds an answer there may be.</summary>
    public void AddClaim(NpgsqlBatch batch, Guid workspace, DateTimeOffset now)
    {
        batch.Add("""
            insert into wfm.idempotency as i (workspace_id, actor_id, route, key, request_hash, created_at) values ($1, $2, $3, $4, $5, $6)
            on conflict on constraint pk_idempotency do update set request_hash = excluded.request_hash, answer = null, created_at = excluded.created_at
            where i.created_at < $7
            """, workspace, actor, route, key, requestHash, now.ToUniversalTime(), (now - Kept).ToUniversalTime());
        batch.Add("select request_hash, answer from wfm.idempotency where actor_id = $1 and route = $2 and key = $3", actor, route, key);
    }

    /// <summary>Reads what <see cref="AddClaim"/> found: <c>null</c> lets the command go on.</summary>
    public async Task<MoveResult?> ReadAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        await reader.ReadAsync(ct);
        if (!reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(requestHash))
        {
            return new MoveResult.Invalid([new("/idempotencyKey", IdempotencyFaults.Reused, "This idempotency key was used for another command.")]);
        }

        return await reader.IsDBNullAsync(1, ct) ? null : JsonSerializer.Deserialize<MoveResult.Moved>(reader.GetString(1), JsonSerializerOptions.Web);
    }

    /// <summary>Adds what keeps the answer.</summary>
    public void AddAnswer(NpgsqlBatch batch, MoveResult.Moved answer) =>
        batch.Add("update wfm.idempotency set answer = $1 where actor_id = $2 and route = $3 and key = $4",
            Batches.Jsonb(JsonSerializer.Serialize(answer, JsonSerializerOptions.Web)), actor, route, key);

    private static byte[] Hash(string target, string name, string? version, Value body, Value changes, string? reason) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Text(Value.From(
            [Value.From(target), Value.From(name), Value.From(version), body, changes, Value.From(reason)]))));
}

/// <summary>Keys of faults about idempotency keys.</summary>
public static class IdempotencyFaults
{
    /// <summary>The key was used before, for another command.</summary>
    public const string Reused = "idempotency-key-reused";
}
