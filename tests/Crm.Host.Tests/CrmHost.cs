using System.Diagnostics;
using System.Text.Json.Nodes;
using Crm.Entities;
using Crm.Entities.ApiKeys;
using Crm.Entities.Deals;
using Crm.Entities.Leads;
using Crm.Entities.Migrations;
using Crm.Entities.Organizations;
using Crm.Entities.People;
using Crm.Entities.Records;
using Crm.Host.Database;
using Crm.Host.Tests.Http;
using Crm.Testing;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Crm.Host.Tests;

/// <summary>The host in this process, on a port and a database of its own, with two workspaces that have the sales process.</summary>
public class CrmHost : TestDatabase
{
    private readonly HttpClient _client = new(new HttpClientHandler { UseCookies = false });
    private CrmDatabase? _database;
    private WebApplication? _app;

    public Guid Workspace { get; } = new("00000000-0000-0000-0000-00000000000a");

    public Guid OtherWorkspace { get; } = new("00000000-0000-0000-0000-00000000000b");

    /// <summary>Administers the workspace and manages its sales.</summary>
    public Api Admin { get; private set; } = null!;

    /// <summary>Sells in the same workspace.</summary>
    public Api Rep { get; private set; } = null!;

    /// <summary>Administers another workspace.</summary>
    public Api Stranger { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (_database, _app) = await StartAsync(Application, Configure, [.. Settings()]);
        _client.BaseAddress = new(_app.Urls.First());
        await PrepareAsync(Workspace);
        await PrepareAsync(OtherWorkspace);
        Admin = As(await KeyAsync(Workspace, "admin", "sales-manager"));
        Rep = As(await KeyAsync(Workspace, "sales-rep"));
        Stranger = As(await KeyAsync(OtherWorkspace, "admin", "sales-manager"));
    }

    public override async Task DisposeAsync()
    {
        _client.Dispose();
        await _app!.DisposeAsync();
        await _database!.DisposeAsync();
        await base.DisposeAsync();
    }

    internal static async Task<(CrmDatabase Database, WebApplication App)> StartAsync(string connectionString, Action<WebApplicationBuilder>? configure = null, params string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Crm", connectionString)]).Build();
        var database = await CrmDatabase.OpenAsync(configuration, "", _ => { }, default);
        var app = CrmApplication.Build(["--urls=http://127.0.0.1:0", .. settings], database, builder =>
        {
            builder.Logging.ClearProviders();
            // Tests sign in by the hundred.
            builder.Services.Configure<PasswordHasherOptions>(o => o.IterationCount = 1000);
            builder.Services.Configure<Crm.Host.Accounts.SignInOptions>(o => o.PerMinute = 1_000_000);
            configure?.Invoke(builder);
        });
        await app.StartAsync();
        return (database, app);
    }

    /// <summary>Makes another workspace that has the same processes.</summary>
    public async Task<Guid> WorkspaceAsync(Guid? id = null)
    {
        var workspace = id ?? Guid.CreateVersion7();
        await PrepareAsync(workspace);
        return workspace;
    }

    /// <summary>Speaks to the host with a key, or with none.</summary>
    public Api As(string? key) => new(_client, key);

    /// <summary>Makes a user with roles and a key to act as them.</summary>
    public async Task<string> KeyAsync(Guid workspace, params string[] roles)
    {
        var now = Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var key = ApiKeyText.Create(now);
        await ChangeAsync(workspace, db =>
        {
            var user = Guid.CreateVersion7(now);
            db.Users.Add(new() { WorkspaceId = workspace, Id = user, Name = roles is [] ? "nobody" : string.Join(" and ", roles), Roles = roles, CreatedAt = now });
            db.ApiKeys.Add(key.ToRow(workspace, user, "Test", ApiKeyScopes.All, user, now));
        });
        return key.ToString();
    }

    /// <summary>Makes another user of the workspace.</summary>
    public async Task<Guid> UserAsync(string name = "Grace", params string[] roles)
    {
        var now = Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var user = Guid.CreateVersion7(now);
        await ChangeAsync(Workspace, db => db.Users.Add(new() { WorkspaceId = Workspace, Id = user, Name = name, Roles = roles, CreatedAt = now }));
        return user;
    }

    /// <summary>Makes a person.</summary>
    public Task<Guid> PersonAsync(Guid? workspace = null, string name = "Ada") => SomethingAsync("person", workspace, name);

    /// <summary>Makes a record of any noun, without a project.</summary>
    public async Task<Guid> SomethingAsync(string noun, Guid? workspace = null, string name = "Something")
    {
        var (ws, id) = (workspace ?? Workspace, Guid.CreateVersion7());
        await using var scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Wfm.CurrentWorkspace>().Id = ws;
        var db = scope.ServiceProvider.GetRequiredService<CrmDbContext>();
        await using var transaction = await db.Database.BeginWorkspaceAsync(ws);
        if (noun == "record")
        {
            var created = await scope.ServiceProvider.GetRequiredService<RecordStore>().CreateAsync(new("opportunity", name, Actor.System) { Id = id }, default);
            created.ShouldBeOfType<RecordResult.Saved>();
        }
        else
        {
            db.Add<CrmRecord>(noun switch
            {
                "deal" => new Deal { WorkspaceId = ws, Id = id, Name = name, Currency = "EUR" },
                "lead" => new Lead { WorkspaceId = ws, Id = id, Name = name, Currency = "EUR" },
                "person" => new Person { WorkspaceId = ws, Id = id, Name = name },
                _ => new Organization { WorkspaceId = ws, Id = id, Name = name },
            });
            (await scope.ServiceProvider.GetRequiredService<RecordWriter>().SaveAsync(new(Actor.System), default)).ShouldBeOfType<SaveResult.Saved>();
        }

        await transaction.CommitAsync();
        return id;
    }

    /// <summary>Gives records of the workspace a field.</summary>
    public async Task<Answer> FieldAsync(string recordType, string key, string kind, object? more = null)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(more ?? new { title = key })!.AsObject();
        (body["recordType"], body["key"], body["kind"]) = (recordType, key, kind);
        var answer = await Admin.PostAsync("/api/v1/custom-fields", body);
        answer.Status.ShouldBe(System.Net.HttpStatusCode.Created, answer.Text);
        return answer;
    }

    /// <summary>Lists the types of the events about a record, the first one first.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync(string noun, Answer record) =>
        [.. (await Admin.GetAsync($"/api/v1/events?subject={noun}/{record["id"]}")).Items.Select(e => e["type"]!.GetValue<string>()).Reverse()];

    public async Task ChangeAsync(Guid workspace, Action<CrmDbContext> change)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CrmDbContext>();
        await using var transaction = await db.Database.BeginWorkspaceAsync(workspace);
        change(db);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    /// <summary>Waits until every event was handed over and every run it started is done, so that what comes next is nobody else's doing.</summary>
    public async Task QuietAsync()
    {
        const string Busy = "select exists (select from wfm.outbox) or exists (select from wfm_flows.run where due_at <= $1)";
        var since = Stopwatch.GetTimestamp();
        // A run may be started between the look at the clock and that at the runs.
        while (await AskAsync<bool>(Busy, Services.GetRequiredService<TimeProvider>().GetUtcNow().AddSeconds(1)))
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(60));
            await Task.Delay(10);
        }
    }

    /// <summary>Asks the database, as the login that sees everything.</summary>
    public async Task<T> AskAsync<T>(string sql, params object[] parameters)
    {
        await using var owner = NpgsqlDataSource.Create(Owner);
        await using var command = owner.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Gives records of a type a field, unless they have it.</summary>
    public async Task HaveFieldAsync(string recordType, string key, string kind = "text", params string[] options)
    {
        var field = new { recordType, key, kind, title = key, options = options is [] ? null : options.Select(o => new { key = o, title = o }) };
        var made = await Admin.PostAsync("/api/v1/custom-fields", field);
        if (made.Status != System.Net.HttpStatusCode.Created) made.Faults.ShouldBe(["/key taken"]);
    }

    /// <summary>Runs one statement as the application does, in a session of its own, and tells how often and how many rows it read of each table and index.</summary>
    public async Task<IReadOnlyDictionary<string, (long Scans, long Rows)>> ReadsOfAsync(string sql, params IReadOnlyList<object> parameters)
    {
        await using var owner = NpgsqlDataSource.Create(Owner);
        var before = await ReadsAsync(owner);
        await using (var application = NpgsqlDataSource.Create(Application))
        await using (var connection = await application.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { new($"select set_config('wfm.workspace', '{Workspace}', true)"), new(sql), new("select pg_stat_force_next_flush()") } };
            foreach (var parameter in parameters) batch.BatchCommands[1].Parameters.Add(new() { Value = parameter });
            await batch.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }

        var after = await ReadsAsync(owner);
        return after.Select(r => (r.Key, Scans: r.Value.Scans - before[r.Key].Scans, Rows: r.Value.Rows - before[r.Key].Rows)).Where(r => r.Scans > 0).ToDictionary(r => r.Key, r => (r.Scans, r.Rows));
    }

    private static async Task<Dictionary<string, (long Scans, long Rows)>> ReadsAsync(NpgsqlDataSource owner)
    {
        await using var command = owner.CreateCommand("""
            select indexrelname::text, idx_scan, idx_tup_read from pg_stat_user_indexes where relname <> '__migrations'
            union all select 'rows of ' || relname::text, idx_scan, idx_tup_fetch from pg_stat_user_tables where idx_scan is not null and relname <> '__migrations'
            union all select 'all of ' || relname::text, seq_scan, seq_tup_read from pg_stat_user_tables where relname <> '__migrations'
            """);
        var reads = new Dictionary<string, (long, long)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) reads.Add(reader.GetString(0), (reader.GetInt64(1), reader.GetInt64(2)));
        return reads;
    }

    /// <summary>Counts all rows a request could have left behind.</summary>
    public async Task<long> RowsAsync()
    {
        await QuietAsync();
        return await AskAsync<long>("""
            select (select count(*) from wfm.record) + (select count(*) from wfm.project) + (select count(*) from wfm.history) + (select count(*) from wfm.event)
                 + (select count(*) from wfm.bundle) + (select count(*) from wfm.workflow_version) + (select count(*) from wfm.idempotency)
                 + (select count(*) from crm.deal) + (select count(*) from crm.lead) + (select count(*) from crm.person) + (select count(*) from crm.organization)
                 + (select count(*) from crm.activity) + (select count(*) from crm.note) + (select count(*) from crm.custom_field) + (select count(*) from crm.custom_value)
                 + (select count(*) from crm.user) + (select count(*) from crm.account) + (select count(*) from crm.invitation) + (select count(*) from crm.api_key) + (select count(*) from crm.team)
                 + (select coalesce(sum(version), 0) from crm.user) + (select coalesce(sum(version), 0) from crm.team) + (select coalesce(sum(version), 0) from crm.workspace)
                 + (select coalesce(sum(version), 0) from wfm.record) + (select coalesce(sum(version), 0) from wfm.project)
            """);
    }

    /// <summary>Gives the bundles each workspace has: the samples, of whose automations all but one are for hosts that ask for them, so that records change by what a test does alone.</summary>
    protected virtual async Task<IReadOnlyList<byte[]>> BundlesAsync() => [await Samples.WithAsync("sales-pipeline", "review-new-assignment"), await Samples.WithAsync("lead-qualification"), await Samples.OpportunitiesAsync()];

    /// <summary>Gives settings as they are given on the command line.</summary>
    protected virtual IEnumerable<string> Settings() => [];

    /// <summary>Changes what the host is made of.</summary>
    protected virtual void Configure(WebApplicationBuilder builder)
    {
    }

    protected override Task MigrateAsync(string owner, string application) => CrmMigration.MigrateAsync(owner, application, CancellationToken.None);

    private async Task PrepareAsync(Guid workspace)
    {
        await using (var create = _database!.Source.CreateCommand("select crm.create_workspace($1, 'Test', now())"))
        {
            create.Parameters.AddWithValue(workspace);
            await create.ExecuteNonQueryAsync();
        }

        await using var scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Wfm.CurrentWorkspace>().Id = workspace;
        foreach (var bundle in await BundlesAsync())
        {
            var published = await scope.ServiceProvider.GetRequiredService<BundlePublisher>().PublishAsync(bundle, Actor.System, false, default);
            published.ShouldBeOfType<PublishResult.Published>((published as PublishResult.Faulty)?.Faults[0].ToString());
        }
    }
}

/// <summary>The sample files of the checkout.</summary>
internal static class Samples
{
    public static string Bundle(string name) => Path.Combine(Checkout.Root, "samples", "workflows", name + ".json");

    public static Task<byte[]> ReadAsync(string name) => File.ReadAllBytesAsync(Bundle(name));

    /// <summary>A sample with none of its automations but these.</summary>
    public static async Task<byte[]> WithAsync(string name, params string[] automations)
    {
        var bundle = JsonNode.Parse(await ReadAsync(name))!.AsObject();
        foreach (var (key, _) in bundle["automations"]!.AsObject().ToList().Where(a => !automations.Contains(a.Key))) bundle["automations"]!.AsObject().Remove(key);
        return System.Text.Encoding.UTF8.GetBytes(bundle.ToJsonString());
    }

    /// <summary>The sales process once more, for generic records of type <c>opportunity</c>, without its automations: those are for deals.</summary>
    public static async Task<byte[]> OpportunitiesAsync()
    {
        var bundle = JsonNode.Parse(await ReadAsync("sales-pipeline"))!.AsObject();
        bundle.Remove("automations");
        var text = bundle["decisions"]!.AsObject().Aggregate(bundle.ToJsonString(), (all, decision) => all.Replace($"\"{decision.Key}\"", $"\"opportunity-{decision.Key}\""));
        return System.Text.Encoding.UTF8.GetBytes(text
            .Replace("\"deal\"", "\"opportunity\"").Replace("sales-deal", "opportunity").Replace("sales-pipeline", "opportunity-pipeline").Replace("\"key\":\"sales\"", "\"key\":\"opportunities\""));
    }
}
