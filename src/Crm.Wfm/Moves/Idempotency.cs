using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Npgsql;

namespace Crm.Wfm.Moves;

/// <summary>Keys of faults about idempotency keys.</summary>
public static class IdempotencyFaults
{
    /// <summary>The key was used before, for another command.</summary>
    public const string Reused = "idempotency-key-reused";
}

/// <summary>The idempotency of a command: its claim, and its answer as a result.</summary>
internal static class Idempotency
{
    // A warning's trace is as deep as its rule.
    private static readonly JsonSerializerOptions Kept = new(JsonSerializerOptions.Web) { MaxDepth = StrictJson.Kept.MaxDepth + 8 };

    public static IdempotencyClaim? Of(MoveCommand command, Value input, Value changes) => Claim("move", command.Actor, command.IdempotencyKey,
        [Value.From(command.Project), Value.From(command.Transition), Value.From(command.ExpectedVersion?.ToString(CultureInfo.InvariantCulture)), input, changes, Value.From(command.Reason)]);

    public static IdempotencyClaim? Of(StartCommand command, Value fields) => Claim("start", command.Actor, command.IdempotencyKey,
        [Value.From(command.Subject.ToString()), Value.From(command.ProjectType), Value.From(command.Project?.ToString()), fields, Value.From(command.Reason)]);

    /// <summary>Reads the answer there may be; <c>null</c> lets the command go on.</summary>
    public static async Task<MoveResult?> ReadAsync(NpgsqlDataReader reader, CancellationToken ct) => await IdempotencyClaim.ReadAsync(reader, ct) switch
    {
        (true, _) => new MoveResult.Invalid([new("/idempotencyKey", IdempotencyFaults.Reused, "This idempotency key was used for another command.")]),
        (_, { } answer) => JsonSerializer.Deserialize<MoveResult.Moved>(answer, Kept),
        _ => null,
    };

    public static void AddAnswer(this IdempotencyClaim claim, NpgsqlBatch batch, MoveResult.Moved answer) =>
        claim.AddAnswer(batch, JsonSerializer.Serialize(answer, Kept));

    private static IdempotencyClaim? Claim(string route, Actor actor, string? key, Value[] command) =>
        key is null ? null : new(route, actor.Id, key, SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Text(Value.From(command)))));
}
