using System.Text;
using Crm.Embedded;
using Crm.Wfm;
using Crm.Wfm.Bundles;
using Crm.Wfm.History;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Benchmarks;

/// <summary>A PostgreSQL of this process's own with the engine on it, under the application's login as in production.</summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    private const string Name = "bench";
    private const string Login = "bench_login";
    private readonly EmbeddedPostgres _postgres;
    private readonly ServiceProvider _services;

    private BenchmarkDatabase(EmbeddedPostgres postgres)
    {
        (_postgres, Owner) = (postgres, postgres.ConnectionString(Name));
        // As the host connects.
        Application = new NpgsqlConnectionStringBuilder(Owner) { Username = Login, Password = Login, MaxAutoPrepare = 100, AutoPrepareMinUsages = 2 }.ConnectionString;
        _services = Host();
    }

    public string Owner { get; }

    public string Application { get; }

    /// <summary>Starts a durable server, as development has it, or one that never waits for the disk, as tests have it.</summary>
    public static async Task<BenchmarkDatabase> StartAsync(bool durable)
    {
        var settings = new Dictionary<string, string>();
        if (durable) settings["fsync"] = settings["full_page_writes"] = settings["synchronous_commit"] = "on";
        var postgres = await EmbeddedPostgres.StartAsync(new() { ThrowAway = true, Settings = settings });
        await ExecuteAsync(postgres.ConnectionString(), $"create database {Name}");
        await ExecuteAsync(postgres.ConnectionString(), $"create role {Login} login password '{Login}'");
        var database = new BenchmarkDatabase(postgres);
        await WfmMigration.MigrateAsync(database.Owner, database.Application, CancellationToken.None);
        return database;
    }

    /// <summary>Makes another host of the same application.</summary>
    public ServiceProvider Host(Action<WfmBuilder>? configure = null) => new ServiceCollection().AddLogging()
        .AddDbContextPool<EngineContext>(o => o.UseNpgsql(Application)).AddWfm<EngineContext>(configure).BuildServiceProvider();

    public EngineScope Scope() => new(_services.CreateAsyncScope());

    public async Task PublishAsync(string bundle)
    {
        await using var scope = Scope();
        if (await scope.Publisher.PublishAsync(Encoding.UTF8.GetBytes(bundle), Actor.System, false, CancellationToken.None) is PublishResult.Faulty { Faults: [var first, ..] })
        {
            throw new InvalidDataException($"{first.Pointer} {first.Message}");
        }
    }

    public Task ExecuteAsync(string sql) => ExecuteAsync(Owner, sql);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await _postgres.DisposeAsync();
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>A context that maps nothing but the engine's tables.</summary>
internal sealed class EngineContext(DbContextOptions<EngineContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWfm();
}

/// <summary>One unit of work in the default workspace.</summary>
internal sealed class EngineScope(AsyncServiceScope scope) : IAsyncDisposable
{
    public MoveEngine Engine => scope.ServiceProvider.GetRequiredService<MoveEngine>();

    public RecordStore Records => scope.ServiceProvider.GetRequiredService<RecordStore>();

    public BundlePublisher Publisher => scope.ServiceProvider.GetRequiredService<BundlePublisher>();

    public HistoryVerifier Verifier => scope.ServiceProvider.GetRequiredService<HistoryVerifier>();

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
