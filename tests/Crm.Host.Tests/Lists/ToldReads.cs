using System.Data.Common;
using Crm.Entities;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Host.Tests.Lists;

/// <summary>A host whose transactions tell at their end what they read. Left to itself, a session tells it some seconds later.</summary>
public sealed class ToldReads : CrmHost
{
    /// <summary>Reads how often each table and index was read so far, and how many rows of it.</summary>
    public async Task<IReadOnlyList<(string Table, string Relation, long Scans, long Rows)>> ReadsAsync()
    {
        await using var owner = NpgsqlDataSource.Create(Owner);
        await using var command = owner.CreateCommand("""
            select relid::regclass::text, indexrelname::text, idx_scan, idx_tup_read from pg_stat_user_indexes where schemaname in ('crm', 'wfm') and idx_scan > 0
            union all
            select relid::regclass::text, relid::regclass::text, seq_scan, seq_tup_read from pg_stat_user_tables where schemaname in ('crm', 'wfm')
            """);
        var reads = new List<(string, string, long, long)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) reads.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)));
        return reads;
    }

    /// <summary>The same since an earlier time, without what was not read in between.</summary>
    public async Task<IReadOnlyList<(string Table, string Relation, long Scans, long Rows)>> ReadsAsync(IReadOnlyList<(string Table, string Relation, long Scans, long Rows)> before)
    {
        var earlier = before.ToLookup(r => (r.Table, r.Relation), r => (r.Scans, r.Rows));
        return [.. from now in await ReadsAsync()
                   let then = earlier[(now.Table, now.Relation)].SingleOrDefault()
                   where now.Scans > then.Scans
                   select (now.Table, now.Relation, now.Scans - then.Scans, now.Rows - then.Rows)];
    }

    protected override void Configure(WebApplicationBuilder builder) => builder.Services.ConfigureDbContext<CrmDbContext>(o => o.AddInterceptors(new Telling()));

    private sealed class Telling : DbTransactionInterceptor
    {
        public override async ValueTask<DbTransaction> TransactionStartedAsync(DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
        {
            await TellAsync(result, cancellationToken);
            return result;
        }

        // The engine's own, which the context joins.
        public override async ValueTask<DbTransaction> TransactionUsedAsync(DbConnection connection, TransactionEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
        {
            await TellAsync(result, cancellationToken);
            return result;
        }

        private static async Task TellAsync(DbTransaction transaction, CancellationToken ct)
        {
            await using var command = new NpgsqlCommand("select pg_stat_force_next_flush()", (NpgsqlConnection)transaction.Connection!, (NpgsqlTransaction)transaction);
            await command.ExecuteNonQueryAsync(ct);
        }
    }
}
