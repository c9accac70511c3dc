using System.Collections.Concurrent;
using System.Security.Cryptography;
using Crm.Entities.ApiKeys;
using Crm.Host.Database;

namespace Crm.Host.Authentication;

/// <summary>
/// Looks up who comes in, and remembers it for 30 seconds: so long can what was taken back still be used on other hosts. The host that takes it back forgets
/// it at once.
/// </summary>
internal sealed class Callers(CrmDatabase database, TimeProvider time)
{
    /// <summary>How long an answer is remembered.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private const int Most = 10_000;
    private readonly ConcurrentDictionary<(string Kind, Guid Id), Known> _known = new();
    private readonly Lock _changing = new();
    private int _forgotten;

    private sealed record Known(Caller? Caller, byte[]? SecretHash, DateTimeOffset At);

    /// <summary>Finds who an API key acts as; <c>null</c> for one that is unknown, revoked or expired, or whose user may not come in.</summary>
    public async Task<Caller?> FindAsync(ApiKeyText key, CancellationToken ct)
    {
        var known = await FindAsync(("key", key.Id), ReadKeyAsync, ct);
        return known.SecretHash is { } hash && CryptographicOperations.FixedTimeEquals(hash, key.SecretHash) ? Unexpired(known.Caller) : null;
    }

    /// <summary>Finds whose session it is; <c>null</c> for one that has ended, or whose user may not come in.</summary>
    public async Task<Caller?> FindAsync(SessionTicket ticket, CancellationToken ct) =>
        Unexpired((await FindAsync(("session", ticket.Session), (id, ct) => ReadSessionAsync(ticket.Workspace, id, ct), ct)).Caller);

    /// <summary>Forgets some when the answer is on its way: by then what the request changed is committed, and whoever asked is not yet told.</summary>
    public void ForgetWithAnswer(HttpContext http, Func<Caller, bool> which) => http.Response.OnStarting(() =>
    {
        Forget(which);
        return Task.CompletedTask;
    });

    private void Forget(Func<Caller, bool> which)
    {
        lock (_changing)
        {
            _forgotten++;
            foreach (var (id, known) in _known)
            {
                if (known.Caller is not { } caller || which(caller)) _known.TryRemove(id, out _);
            }
        }
    }

    private Caller? Unexpired(Caller? caller) => caller?.ExpiresAt <= time.GetUtcNow() ? null : caller;

    private async Task<Known> FindAsync((string, Guid Id) id, Func<Guid, CancellationToken, Task<Known>> read, CancellationToken ct)
    {
        if (_known.TryGetValue(id, out var known) && time.GetUtcNow() < known.At + Remembered) return known;
        var forgotten = Volatile.Read(ref _forgotten);
        known = await read(id.Id, ct);
        lock (_changing)
        {
            if (_known.Count >= Most) _known.Clear();
            // What was read before something was forgotten may be what was to be forgotten.
            if (_forgotten == forgotten) _known[id] = known;
        }

        return known;
    }

    private async Task<Known> ReadKeyAsync(Guid id, CancellationToken ct)
    {
        var at = time.GetUtcNow();
        await using var command = database.Source.CreateCommand("select workspace_id, user_id, roles, scopes, expires_at, secret_hash from crm.find_api_key($1)");
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return new(null, null, at);
        var caller = new Caller(reader.GetGuid(0), reader.GetGuid(1), null, reader.GetFieldValue<string[]>(2), reader.GetFieldValue<string[]>(3),
            await reader.IsDBNullAsync(4, ct) ? null : reader.GetFieldValue<DateTimeOffset>(4));
        return new(caller, reader.GetFieldValue<byte[]>(5), at);
    }

    // The ticket names the workspace: what it is looked up in. A batch is one transaction and one round trip.
    private async Task<Known> ReadSessionAsync(Guid workspace, Guid id, CancellationToken ct)
    {
        var at = time.GetUtcNow();
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new("select set_config('wfm.workspace', $1, true)") { Parameters = { new() { Value = workspace.ToString() } } });
        batch.BatchCommands.Add(new("""
            select u.id, u.roles, s.expires_at from crm.session s join crm.user u on u.workspace_id = s.workspace_id and u.id = s.user_id where s.id = $1 and u.is_active
            """) { Parameters = { new() { Value = id } } });
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        if (!await reader.ReadAsync(ct)) return new(null, null, at);
        return new(new(workspace, reader.GetGuid(0), id, reader.GetFieldValue<string[]>(1), ApiKeyScopes.All, reader.GetFieldValue<DateTimeOffset>(2)), null, at);
    }
}
