using Crm.Embedded;
using Crm.Entities;
using Crm.Entities.ApiKeys;
using Crm.Entities.Migrations;
using Crm.Host;
using Crm.Host.Database;
using Crm.Wfm;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Crm.Benchmarks.Lists;

/// <summary>The host as it is in production, on a durable PostgreSQL with 100,000 deals in the workspace that is looked at and 10,000 in each of two others.</summary>
internal sealed class FilledHost : IAsyncDisposable
{
    public const string Login = "bench_login";
    private const int Deals = 100_000;
    private readonly EmbeddedPostgres _postgres;
    private readonly NpgsqlDataSource _owner;
    private readonly string _application;
    private CrmDatabase? _database;
    private WebApplication? _app;

    private FilledHost(EmbeddedPostgres postgres)
    {
        _postgres = postgres;
        Owner = postgres.ConnectionString("bench");
        _application = new NpgsqlConnectionStringBuilder(Owner) { Username = Login, Password = Login }.ConnectionString;
        _owner = NpgsqlDataSource.Create(Owner);
    }

    public static Guid Workspace { get; } = new("00000000-0000-0000-0000-00000000000a");

    public string Owner { get; }

    /// <summary>Gets how the host connects.</summary>
    public string Application => _database!.Application;

    /// <summary>Gets a sales manager's key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Gets where the host listens.</summary>
    public Uri Address => new(_app!.Urls.First());

    public static async Task<FilledHost> StartAsync()
    {
        var postgres = await EmbeddedPostgres.StartAsync(new()
        {
            ThrowAway = true,
            Settings = new Dictionary<string, string>
            {
                ["fsync"] = "on", ["full_page_writes"] = "on", ["synchronous_commit"] = "on",
                // What StatementLog reads.
                ["logging_collector"] = "on", ["log_destination"] = "jsonlog",
            },
        });
        await using (var source = NpgsqlDataSource.Create(postgres.ConnectionString()))
        {
            foreach (var sql in new[] { "create database bench", $"create role {Login} login password '{Login}'" }) await source.CreateCommand(sql).ExecuteNonQueryAsync();
        }

        var host = new FilledHost(postgres);
        await CrmMigration.MigrateAsync(host.Owner, host._application, default);
        await host.RestartAsync();
        // Faster made of all at once than kept one by one.
        var indexes = await host.AskAsync<string>("select indexdef from pg_indexes where schemaname = 'crm' and indexdef like '% gin %'");
        await host.ExecuteAsync("drop index crm.ix_search_entry_trigrams, crm.ix_search_entry_words");
        foreach (var (workspace, deals) in new[] { (Workspace, Deals), (new Guid("00000000-0000-0000-0000-00000000000b"), Deals / 10), (new Guid("00000000-0000-0000-0000-00000000000c"), Deals / 10) })
        {
            await host.PublishAsync(workspace);
            await host.FillAsync(workspace, deals);
        }

        foreach (var index in indexes) await host.ExecuteAsync(index);
        await host.ExecuteAsync("select crm.fold_step_changes(1000000); vacuum analyze");
        host.Key = await host.KeyAsync();
        return host;
    }

    /// <summary>Starts the host, anew where it runs, with settings on top of its own.</summary>
    public async Task RestartAsync(params string[] settings)
    {
        await StopAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Crm", _application)]).Build();
        _database = await CrmDatabase.OpenAsync(configuration, "", _ => { }, default);
        _app = CrmApplication.Build(["--urls=http://127.0.0.1:0", .. settings], _database, builder => builder.Logging.ClearProviders());
        await _app.StartAsync();
    }

    /// <summary>Asks the host, as the sales manager.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var caller = new Caller(Address, Key);
        await caller.SendAsync(caller.Request("GET", path));
        return caller.Body();
    }

    public async Task ExecuteAsync(string sql)
    {
        foreach (var statement in sql.Split(';')) // a vacuum runs in no block with others
        {
            await using var command = _owner.CreateCommand(statement);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }
    }

    public async Task<List<T>> AskAsync<T>(string sql)
    {
        await using var command = _owner.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(reader.GetFieldValue<T>(0));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _owner.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await _postgres.DisposeAsync();
    }

    private async Task StopAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
    }

    private async Task PublishAsync(Guid workspace)
    {
        await ExecuteAsync($"select crm.create_workspace('{workspace}', 'Bench', now())");
        await using var scope = _app!.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().Id = workspace;
        var bundle = await File.ReadAllBytesAsync(Path.Combine(Checkout.Root, "samples", "workflows", "sales-pipeline.json"));
        var result = await scope.ServiceProvider.GetRequiredService<BundlePublisher>().PublishAsync(bundle, Actor.System, false, default);
        if (result is PublishResult.Faulty { Faults: [var first, ..] }) throw new InvalidDataException($"{first.Pointer} {first.Message}");
    }

    private async Task FillAsync(Guid workspace, int deals)
    {
        await using var connection = await _owner.OpenConnectionAsync();
        var script = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Lists", "Fill.sql"));
        await using var command = new NpgsqlCommand($"select set_config('wfm.workspace', '{workspace}', true), set_config('bench.deals', '{deals}', true);\n{script}", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> KeyAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var (key, user) = (ApiKeyText.Create(now), Guid.CreateVersion7(now));
        await using var scope = _app!.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CrmDbContext>();
        await using var transaction = await db.Database.BeginWorkspaceAsync(Workspace);
        db.Users.Add(new() { WorkspaceId = Workspace, Id = user, Name = "Manager", Roles = ["sales-manager"], CreatedAt = now });
        db.ApiKeys.Add(key.ToRow(Workspace, user, "Bench", ApiKeyScopes.All, user, now));
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return key.ToString();
    }
}
