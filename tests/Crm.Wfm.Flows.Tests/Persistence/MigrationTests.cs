using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Npgsql;

namespace Crm.Wfm.Flows.Tests.Persistence;

/// <summary>How the tables come to be.</summary>
public sealed class MigrationTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    [Fact]
    public async Task Hosts_that_start_at_once_migrate_a_new_database_once()
    {
        const string Name = "fresh_flows";
        // Not in a block: a database is made outside of transactions.
        await ExecuteAsync($"create database {Name}");
        try
        {
            var (owner, application) = (In(desk.Owner, Name), In(desk.Application, Name));
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                await WfmMigration.MigrateAsync(owner, application, default);
                await FlowMigration.MigrateAsync(owner, application, default);
            })));
            // The same as where one host migrated alone.
            const string Made = "select array_agg(m::text order by m::text) from (select * from wfm.__migrations union all select * from wfm_flows.__migrations) m";
            await using var source = NpgsqlDataSource.Create(owner);
            await using var command = source.CreateCommand(Made);
            ((string[])(await command.ExecuteScalarAsync())!).ShouldBe(await desk.AskAsync<string[]>(Made));
        }
        finally
        {
            await ExecuteAsync($"drop database {Name} with (force)");
        }
    }

    private static string In(string connection, string database) => new NpgsqlConnectionStringBuilder(connection) { Database = database, Pooling = false }.ConnectionString;

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(desk.Owner);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
