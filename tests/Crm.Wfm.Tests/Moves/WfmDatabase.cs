using Crm.Testing;
using Crm.Wfm.Bundles;
using Crm.Wfm.History;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Tests.Moves;

/// <summary>A migrated database with the engine on it, the way a host without a CRM would have it.</summary>
public class WfmDatabase : TestDatabase
{
    private ServiceProvider? _services;

    public ServiceProvider Services => _services!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var services = new ServiceCollection().AddLogging();
        Configure(services);
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public override async Task DisposeAsync()
    {
        await _services!.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Opens a scope that works in a workspace.</summary>
    public EngineScope Scope(Guid? workspace = null) => new(Services.CreateAsyncScope(), workspace ?? Workspace.Default);

    /// <summary>Registers the context and the engine.</summary>
    protected virtual void Configure(IServiceCollection services) => services.AddDbContext<EngineContext>(o => o.UseNpgsql(Application)).AddWfm<EngineContext>();

    protected override Task MigrateAsync(string owner, string application) => WfmMigration.MigrateAsync(owner, application, CancellationToken.None);
}

/// <summary>A context that maps nothing but the engine's tables.</summary>
public sealed class EngineContext(DbContextOptions<EngineContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWfm();
}

/// <summary>One unit of work: a request, a job.</summary>
public sealed class EngineScope : IAsyncDisposable
{
    private readonly AsyncServiceScope _scope;

    public EngineScope(AsyncServiceScope scope, Guid workspace)
    {
        _scope = scope;
        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().Id = workspace;
    }

    public EngineContext Db => _scope.ServiceProvider.GetRequiredService<EngineContext>();

    public MoveEngine Engine => _scope.ServiceProvider.GetRequiredService<MoveEngine>();

    public RecordStore Records => _scope.ServiceProvider.GetRequiredService<RecordStore>();

    public HistoryVerifier Verifier => _scope.ServiceProvider.GetRequiredService<HistoryVerifier>();

    public BundlePublisher Publisher => _scope.ServiceProvider.GetRequiredService<BundlePublisher>();

    public ValueTask DisposeAsync() => _scope.DisposeAsync();
}
