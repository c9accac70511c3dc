using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Crm.Wfm.Persistence;

/// <summary>Stops a host's context from saving rows that only the package's functions may write, and says why. The database would refuse as well.</summary>
internal sealed class ReadOnlyRows : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Check(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private static void Check(DbContext? context)
    {
        var entry = context?.ChangeTracker.Entries()
            .FirstOrDefault(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted && WfmModel.IsReadOnly(e.Metadata));
        if (entry is not null)
        {
            throw new InvalidOperationException(
                $"{entry.Metadata.ClrType.Name} is read-only: projects move through MoveEngine, bundles are published through BundlePublisher, history and events only grow.");
        }
    }
}
