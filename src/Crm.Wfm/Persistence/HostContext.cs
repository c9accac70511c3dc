using Crm.Wfm.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Crm.Wfm.Persistence;

/// <summary>The host's own context, in which records and moves commit together, and the workspace it works in.</summary>
internal sealed class HostContext(DbContext context, CurrentWorkspace workspace, EventSignal committed)
{
    public DbContext Db => context;

    public Guid Workspace => workspace.Id;

    /// <summary>Gets what to ring after a commit that EF Core knows nothing of.</summary>
    public EventSignal Committed => committed;

    public NpgsqlConnection Connection => (NpgsqlConnection)context.Database.GetDbConnection();

    public Task<IDbContextTransaction> BeginAsync(CancellationToken ct) => context.Database.BeginWorkspaceAsync(workspace.Id, ct);

    /// <summary>Runs a unit of work under the context's execution strategy, for hosts that enable retries; in a transaction of the caller's own, retrying is the caller's.</summary>
    public Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct) =>
        context.Database.CurrentTransaction is null ? context.Database.CreateExecutionStrategy().ExecuteAsync(work, ct) : work(ct);

    /// <summary>Starts a batch in the transaction at hand.</summary>
    public NpgsqlBatch Batch() => new(Connection, (NpgsqlTransaction?)context.Database.CurrentTransaction?.GetDbTransaction());
}
