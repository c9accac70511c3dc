using Npgsql;

namespace Crm.Host.Tests.Search;

/// <summary>What searching costs among many.</summary>
public sealed class SearchPlanTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const int Entries = 20_000;

    [Fact]
    public async Task Search_reads_indexes_and_a_bounded_number_of_rows_whatever_is_typed()
    {
        await using var owner = NpgsqlDataSource.Create(host.Owner);
        await using (var fill = owner.CreateCommand($"""
            insert into crm.search_entry (workspace_id, type, id, title, title_key, body, words)
              select case when i % 2 = 0 then '{host.Workspace}'::uuid else '{host.OtherWorkspace}'::uuid end, 'deal', gen_random_uuid(), t, crm.search_key(t), 'green', to_tsvector('simple', t || ' green')
              from (select i, 'Acme ' || md5(i::text) || ' renewal ' || i as t from generate_series(1, {Entries}) i) x
            """)) await fill.ExecuteNonQueryAsync();
        await using (var vacuum = owner.CreateCommand("vacuum analyze crm.search_entry")) await vacuum.ExecuteNonQueryAsync();

        foreach (var (query, index) in new[]
        {
            ("acme", "ix_search_entry_title"), ("acme", "ix_search_entry_trigrams"), ("acme", "ix_search_entry_words"), ("a", "ix_search_entry_title"), ("renewl", "ix_search_entry_trigrams"),
            ("green", "ix_search_entry_words"), ("renewal 19998", "ix_search_entry_trigrams"), ("!!!", "ix_search_entry_title"),
        })
        {
            var reads = await host.ReadsOfAsync("select * from crm.search($1, array['deal'], 20)", query);

            reads.Keys.ShouldContain(index, query);
            reads.Keys.ShouldNotContain("all of search_entry", query);
            reads["rows of search_entry"].Rows.ShouldBeLessThan(3 * 1_000, query);
        }
    }
}
