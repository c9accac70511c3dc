using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Crm.Wfm.Persistence;

/// <summary>
/// One write of the engine. In a transaction of the caller it lives between savepoint and release; else it owns one, whose BEGIN travels with the
/// first batch and whose COMMIT is the last statement of the last.
/// </summary>
internal sealed class EngineTransaction : IAsyncDisposable
{
    private readonly HostContext _host;
    private readonly NpgsqlTransaction? _owned;
    private bool _begun;
    private bool _ended;

    private EngineTransaction(HostContext host, NpgsqlTransaction? owned) => (_host, _owned) = (host, owned);

    public bool IsJoined => _owned is null;

    public static async Task<EngineTransaction> BeginAsync(HostContext host, CancellationToken ct)
    {
        var database = host.Db.Database;
        if (database.CurrentTransaction is not null) return new(host, null);
        await database.OpenConnectionAsync(ct);
        // Npgsql sends BEGIN ahead of the next command, not by itself.
        var owned = await host.Connection.BeginTransactionAsync(ct);
        await database.UseTransactionAsync(owned, ct);
        return new(host, owned);
    }

    /// <summary>Starts the first batch: the savepoint where one is needed, and the workspace, whose one row comes before all others.</summary>
    public NpgsqlBatch FirstBatch()
    {
        var batch = Batch();
        if (IsJoined && !_begun) batch.Add("savepoint wfm");
        batch.Add("select set_config('wfm.workspace', $1, true)", _host.Workspace.ToString());
        _begun = true;
        return batch;
    }

    public NpgsqlBatch Batch() => new(_host.Connection, _owned ?? (NpgsqlTransaction)_host.Db.Database.CurrentTransaction!.GetDbTransaction());

    /// <summary>Sends the last batch together with what ends the transaction.</summary>
    public async Task CommitAsync(NpgsqlBatch batch, CancellationToken ct)
    {
        batch.Add(IsJoined ? "release savepoint wfm" : "commit");
        await batch.ExecuteNonQueryAsync(ct);
        _ended = true;
        if (!IsJoined) _host.Committed.Ring();
    }

    /// <summary>The same for a caller who holds the record the batch writes: it is read again in a round trip more, before the commit, while the workspace is set and failing still undoes all.</summary>
    public async Task CommitAsync(NpgsqlBatch batch, EntityEntry? tracked, CancellationToken ct)
    {
        if (tracked is not null)
        {
            await batch.ExecuteNonQueryAsync(ct);
            batch.BatchCommands.Clear();
            await tracked.ReloadAsync(ct);
        }

        await CommitAsync(batch, ct);
    }

    /// <summary>Undoes all of it, unless it was committed, and leaves the caller's own transaction usable.</summary>
    public async ValueTask DisposeAsync()
    {
        // A connection that has died took its transaction along, and the caller is to hear of that.
        if (IsJoined && _begun && !_ended && _host.Connection.State == ConnectionState.Open)
        {
            await using var batch = Batch();
            batch.Add("rollback to savepoint wfm");
            batch.Add("release savepoint wfm");
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }

        if (_owned is null) return;
        await _host.Db.Database.UseTransactionAsync(null);
        await _owned.DisposeAsync(); // rolls back what was not committed
        await _host.Db.Database.CloseConnectionAsync();
    }
}
