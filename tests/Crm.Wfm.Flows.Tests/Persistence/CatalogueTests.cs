using Crm.Testing;
using Crm.Wfm.Flows.Persistence;
using Npgsql;

namespace Crm.Wfm.Flows.Tests.Persistence;

/// <summary>The catalogue of the package's own schema against what was reviewed.</summary>
public sealed class CatalogueTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    private static readonly ReviewedSchema Flows = new("wfm_flows")
    {
        // What a run did is never changed, only deleted with it.
        Grants = new Dictionary<string, string>
        {
            ["definition"] = "DELETE INSERT SELECT UPDATE", ["trigger"] = "DELETE INSERT SELECT UPDATE", ["run"] = "DELETE INSERT SELECT UPDATE", ["journal"] = "DELETE INSERT SELECT",
            ["bookmark"] = "DELETE INSERT SELECT UPDATE", ["delivery"] = "DELETE INSERT SELECT UPDATE",
        },
        Inner = ["number_flow"],
        Triggers = ["definition.number_flow"],
        Global = ["__migrations"],
        // Finds what is due before its workspace is known.
        OwnersPolicies = ["run.claim", "trigger.claim", "delivery.settle", "bookmark.settle"],
        Doors = ["claim_runs", "claim_triggers", "settle_signals", "unsettled_workspaces", "cron_triggers"],
    };

    // The scheduler's tables know no workspaces: keys of triggers, and when they are due. What a firing does happens in the trigger's workspace.
    private static readonly string[] Scheduler =
    [
        "qrtz_job_details", "qrtz_triggers", "qrtz_simple_triggers", "qrtz_cron_triggers", "qrtz_simprop_triggers", "qrtz_blob_triggers", "qrtz_calendars", "qrtz_paused_trigger_grps", "qrtz_paused_job_grps",
        "qrtz_fired_triggers", "qrtz_scheduler_state", "qrtz_locks", "qrtz_execution_history", "qrtz_misfire_history", "qrtz_job_status",
    ];

    private static readonly ReviewedSchema Quartz = new("wfm_quartz") { Grants = Scheduler.ToDictionary(t => t, _ => "DELETE INSERT SELECT UPDATE"), Global = Scheduler };

    [Fact]
    public async Task The_schedulers_schema_is_as_it_was_reviewed()
    {
        await using var connection = new NpgsqlConnection(desk.Owner);
        await connection.OpenAsync();
        (await Quartz.FindingsAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_schema_is_as_it_was_reviewed()
    {
        await using var connection = new NpgsqlConnection(desk.Owner);
        await connection.OpenAsync();
        (await Flows.FindingsAsync(connection)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        const string Made = "select array_agg(m::text || ' ' || m.xmin order by m::text) from wfm_flows.__migrations m";
        var before = await desk.AskAsync<string[]>(Made);
        await FlowMigration.MigrateAsync(desk.Owner, desk.Application, default);
        (await desk.AskAsync<string[]>(Made)).ShouldBe(before);
    }

    [Fact]
    public async Task Rows_are_seen_in_their_own_workspace_alone()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened"))));
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await SeenAsync(workspace)).ShouldBe((1, 1));
        (await SeenAsync(Guid.CreateVersion7(desk.Clock.Now))).ShouldBe((0, 0));
        (await SeenAsync(null)).ShouldBe((0, 0));
    }

    private async Task<(long Runs, long Entries)> SeenAsync(Guid? workspace)
    {
        await using var connection = new NpgsqlConnection(desk.Application);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var set = new NpgsqlCommand("select set_config('wfm.workspace', $1, true)", connection) { Parameters = { new() { Value = workspace?.ToString() ?? "" } } };
        await set.ExecuteNonQueryAsync();
        await using var count = new NpgsqlCommand($"select (select count(*) from wfm_flows.run), (select count(*) from {RunStore.Bursts} b)", connection);
        await using var reader = await count.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
