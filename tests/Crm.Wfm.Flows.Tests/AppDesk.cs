using Crm.Embedded;
using Crm.Testing;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Flows.Tests.App;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Flows.Tests;

/// <summary>A host of the application that tests run as other processes too, to be killed.</summary>
public class AppDesk : FlowDesk
{
    public override ServiceProvider Host(Action<FlowOptions>? configure = null, string? connection = null, TimeProvider? time = null, Action<WfmBuilder>? more = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(time ?? Clock).AddSingleton(new App.Outside(Application)).AddSingleton(new Mortality(IsMortal: false));
        services.AddDbContext<NoteContext>(o => o.UseNpgsql(connection ?? Application));
        services.AddWfm<NoteContext>(wfm =>
        {
            wfm.AddFlows(o =>
            {
                o.Jitter = 0;
                configure?.Invoke(o);
            }).AddFlowActivity<App.Note>().AddFlowActivity<Call>().AddFlowActivity<Kill>();
            more?.Invoke(wfm);
        });
        return services.BuildServiceProvider(validateScopes: true);
    }

    /// <summary>What was noted down, in no order.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(Guid workspace) =>
        await AskAsync<string[]>("select coalesce(array_agg(text order by text), '{}') from public.app_note where workspace_id = $1", workspace);

    protected override async Task MigrateAsync(string owner, string application)
    {
        await base.MigrateAsync(owner, application);
        await using var source = NpgsqlDataSource.Create(owner);
        await using var command = source.CreateCommand(NoteContext.Table);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>The same on a server of its own, to be restarted.</summary>
public sealed class RestartDesk : AppDesk
{
    private Task<EmbeddedPostgres>? _cluster;

    public async Task RestartAsync(bool isCrash) => await (await ClusterAsync()).RestartAsync(isCrash);

    public override async Task DisposeAsync()
    {
        // The connections of before the last restart are no more.
        await using (var owner = new NpgsqlConnection((await ClusterAsync()).ConnectionString())) NpgsqlConnection.ClearPool(owner);
        await base.DisposeAsync();
        await (await ClusterAsync()).DisposeAsync();
    }

    // A throw-away answers before it has written: what it has answered must outlive a crash here.
    protected override Task<EmbeddedPostgres> ClusterAsync() => _cluster ??= TestCluster.StartAsync(new Dictionary<string, string> { ["synchronous_commit"] = "on" });
}
