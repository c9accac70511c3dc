using Crm.Testing;
using Crm.Wfm.Tests.Moves;
using Npgsql;

namespace Crm.Wfm.Tests.Persistence;

/// <summary>The database's own catalogue against what was reviewed: row level security leaks where somebody forgets.</summary>
public sealed class CatalogueTests(WfmDatabase database) : IClassFixture<WfmDatabase>
{
    private static readonly ReviewedSchema Wfm = new("wfm")
    {
        Grants = new Dictionary<string, string>
        {
            ["bundle"] = "SELECT", ["workflow_version"] = "SELECT", ["step"] = "SELECT", ["edge"] = "SELECT", ["project_type"] = "SELECT", ["role"] = "SELECT",
            ["project"] = "SELECT", ["step_count"] = "SELECT", ["history"] = "SELECT", ["event"] = "SELECT", ["feed"] = "SELECT", ["parked_event"] = "DELETE INSERT SELECT UPDATE",
            ["record"] = "DELETE INSERT SELECT UPDATE", ["idempotency"] = "DELETE INSERT SELECT UPDATE",
        },
        // The outbox crosses workspaces: whoever takes from it does not know yet whose events are waiting.
        Global = ["__migrations", "outbox"],
        // A parked event that is due is found before its workspace is known.
        OwnersPolicies = ["parked_event.look_up"],
        Doors = ["lock_publishing", "publish", "lock_project", "lock_start", "start", "move", "emit", "erase_private", "claim_events", "claim_parked_event"],
        Inner = ["append_history", "append_events"],
        Plain = ["workspace", "is_body_of", "broken_link"],
    };

    [Fact]
    public async Task The_schema_is_as_it_was_reviewed()
    {
        await using var connection = await OpenAsync();
        (await Wfm.FindingsAsync(connection)).ShouldBeEmpty();
    }

    // NOTIFY within a transaction makes all commits of a database queue up behind one lock.
    [Fact]
    public async Task No_function_notifies()
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(
            "select count(*) filter (where p.prosrc ilike '%notify%'), count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'wfm'", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        reader.GetInt64(0).ShouldBe(0);
        reader.GetInt64(1).ShouldBeGreaterThan(10);
    }

    [Theory]
    [InlineData("create table wfm.leak (id int)", "table leak was not reviewed")]
    [InlineData("alter table wfm.record no force row level security", "table record lacks forced row level security")]
    [InlineData("alter table wfm.record disable row level security", "table record lacks forced row level security")]
    [InlineData("drop policy workspace on wfm.record", "table record lacks the policy for every command of everybody that reads the workspace")]
    [InlineData("alter policy workspace on wfm.record with check (true)", "table record lacks the policy for every command of everybody that reads the workspace")]
    [InlineData("create policy open on wfm.record using (true)", "policy record.open was not reviewed")]
    [InlineData("alter table wfm.record drop constraint pk_record; alter table wfm.record alter workspace_id drop not null", "table record has no workspace_id that is not null")]
    [InlineData("create unique index uq_record_name on wfm.record (name)", "unique index wfm.uq_record_name leaves workspace_id out")]
    [InlineData("create unique index uq_record_name on wfm.record (name) include (workspace_id)", "unique index wfm.uq_record_name leaves workspace_id out")]
    [InlineData("alter table wfm.history add constraint fk_history_event foreign key (project_id, version) references wfm.event", "foreign key fk_history_event leaves workspace_id out")]
    [InlineData("create index on wfm.record (name)", "index or constraint wfm.record_name_idx has no name of ours")]
    [InlineData("grant truncate on wfm.record to wfm_app", "table record grants DELETE INSERT SELECT TRUNCATE UPDATE to the application, reviewed was DELETE INSERT SELECT UPDATE")]
    [InlineData("grant update on wfm.project to wfm_app", "table project grants SELECT UPDATE to the application, reviewed was SELECT")]
    [InlineData("grant select on wfm.__migrations to wfm_app", "table __migrations grants SELECT to the application, reviewed was nothing")]
    [InlineData("grant select on wfm.project to public", "table project grants SELECT to everybody")]
    [InlineData("grant update (step) on wfm.project to wfm_app", "table project grants single columns")]
    [InlineData("create function wfm.leak() returns int language sql security definer as 'select 1'", "function leak was not reviewed")]
    [InlineData("alter function wfm.emit reset search_path", "function emit runs as the owner on a search path of the caller")]
    [InlineData("alter function wfm.emit owner to postgres", "function emit belongs to postgres")]
    [InlineData("grant execute on function wfm.emit to public", "function emit may be called by everybody")]
    [InlineData("grant execute on function wfm.append_events to wfm_app", "function append_events may be called by wfm_app")]
    [InlineData("revoke execute on function wfm.emit from wfm_app", "function emit may not be called by the application")]
    [InlineData("drop function wfm.emit", "function emit is missing")]
    [InlineData("create view wfm.leak as select * from wfm.project", "view leak is neither table nor index nor sequence")]
    [InlineData("create materialized view wfm.leak as select * from wfm.project", "materialized view leak is neither table nor index nor sequence")]
    [InlineData("create trigger leak before update on wfm.record for each row execute function suppress_redundant_updates_trigger()", "trigger record.leak was not reviewed")]
    public async Task The_check_finds(string change, string finding)
    {
        await using var connection = await OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand(change, connection)) await command.ExecuteNonQueryAsync();
        (await Wfm.FindingsAsync(connection)).ShouldContain(finding);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync();
        return connection;
    }
}
