using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Crm.Wfm.Subjects;

/// <summary>
/// Lets EF Core read the facts from a result that already came with the engine's batch: the query's SQL was part of the batch, so EF Core, about to
/// send it again, is handed the open reader instead. Its own conversions and constructors apply, and no round trip is spent.
/// </summary>
internal sealed class FactsReader : DbCommandInterceptor
{
    private static readonly ConcurrentDictionary<DbContext, DbDataReader> Handed = new();

    public static IDisposable Hand(DbContext db, DbDataReader reader)
    {
        Handed[db] = reader;
        return new Offer(db);
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db && Handed.TryRemove(db, out var reader)) result = InterceptionResult<DbDataReader>.SuppressWithResult(reader);
        return ValueTask.FromResult(result);
    }

    private sealed class Offer(DbContext db) : IDisposable
    {
        public void Dispose() => Handed.TryRemove(db, out _);
    }
}
