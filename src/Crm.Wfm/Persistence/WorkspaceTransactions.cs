using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Crm.Wfm.Persistence;

/// <summary>Transactions that see one workspace.</summary>
public static class WorkspaceTransactions
{
    /// <summary>Begins a transaction in which row level security shows one workspace: without it, no rows. Moves made meanwhile join it.</summary>
    public static async Task<IDbContextTransaction> BeginWorkspaceAsync(this DatabaseFacade database, Guid workspace, CancellationToken ct = default)
    {
        var transaction = await database.BeginTransactionAsync(ct);
        try
        {
            await database.ExecuteSqlAsync($"select set_config('wfm.workspace', {workspace.ToString()}, true)", ct);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }
}
