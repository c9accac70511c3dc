using Crm.Wfm.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Crm.Wfm.Persistence;

/// <summary>The host's own context, in which records and moves commit together, and the workspace the scope works in. For packages that build on this one and know no host.</summary>
public sealed class HostContext
{
    private readonly CurrentWorkspace _workspace;

    internal HostContext(DbContext context, CurrentWorkspace workspace, EventSignal committed) => (Db, _workspace, Committed) = (context, workspace, committed);

    /// <summary>Gets the context.</summary>
    public DbContext Db { get; }

    /// <summary>Gets the workspace.</summary>
    public Guid Workspace => _workspace.Id;

    /// <summary>Gets what to ring after a commit that EF Core knows nothing of.</summary>
    internal EventSignal Committed { get; }

    internal NpgsqlConnection Connection => (NpgsqlConnection)Db.Database.GetDbConnection();

    /// <summary>Begins a transaction that sees the workspace.</summary>
    public Task<IDbContextTransaction> BeginAsync(CancellationToken ct) => Db.Database.BeginWorkspaceAsync(Workspace, ct);

    /// <summary>Begins a transaction that sees the workspace, by the first command of the batch it gives: a round trip less. That command has one row, of which nothing is to be read.</summary>
    public async Task<(IDbContextTransaction Transaction, NpgsqlBatch Batch)> BeginBatchAsync(CancellationToken ct)
    {
        var transaction = await Db.Database.BeginTransactionAsync(ct);
        var batch = Batch();
        batch.Add("select set_config('wfm.workspace', $1, true)", Workspace.ToString());
        return (transaction, batch);
    }

    /// <summary>Runs a unit of work under the context's execution strategy, for hosts that enable retries; in a transaction of the caller's own, retrying is the caller's.</summary>
    public Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct) =>
        Db.Database.CurrentTransaction is null ? Db.Database.CreateExecutionStrategy().ExecuteAsync(work, ct) : work(ct);

    /// <summary>Starts a batch in the transaction at hand.</summary>
    internal NpgsqlBatch Batch() => new(Connection, (NpgsqlTransaction?)Db.Database.CurrentTransaction?.GetDbTransaction());
}
