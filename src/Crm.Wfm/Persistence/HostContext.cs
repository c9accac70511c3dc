using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Crm.Wfm.Persistence;

/// <summary>The host's own context, in which records and moves commit together, and the workspace it works in.</summary>
internal sealed class HostContext(DbContext context, CurrentWorkspace workspace)
{
    public DbContext Db => context;

    public Guid Workspace => workspace.Id;

    public NpgsqlConnection Connection => (NpgsqlConnection)context.Database.GetDbConnection();

    public Task<IDbContextTransaction> BeginAsync(CancellationToken ct) => context.Database.BeginWorkspaceAsync(workspace.Id, ct);

    /// <summary>Starts a batch in the transaction at hand.</summary>
    public NpgsqlBatch Batch() => new(Connection, (NpgsqlTransaction?)context.Database.CurrentTransaction?.GetDbTransaction());
}
