using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>Brings schema <c>wfm_flows</c> up to date, and <c>wfm_quartz</c>, in which cron schedules are kept.</summary>
public static class FlowMigration
{
    /// <summary>The schema of every table of the package.</summary>
    public const string Schema = "wfm_flows";

    /// <summary>Makes roles and tables, after <c>MigrateWfmAsync</c>, and publishes the flows of the bundles that loaded. Locked and rerunnable: any number of hosts may call it at once.</summary>
    public static async Task MigrateFlowsAsync(this IHost host, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        await using var scope = host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<HostContext>().Db;
        var application = context.Database.GetConnectionString() ?? throw new InvalidOperationException("The context has no connection string.");
        await MigrateAsync(scope.ServiceProvider.GetRequiredService<IOptions<WfmOptions>>().Value.OwnerConnection ?? application, application, ct);
        await BundleDefinitions.AdoptAsync(scope.ServiceProvider, ct);
    }

    /// <summary>Makes roles and tables, after those of schema <c>wfm</c>.</summary>
    /// <param name="ownerConnection">Login that may create roles and schemas.</param>
    /// <param name="applicationConnection">Login of the application; it is granted <c>wfm_flows_app</c>.</param>
    /// <param name="ct">Cancels between statements.</param>
    public static async Task MigrateAsync(string ownerConnection, string applicationConnection, CancellationToken ct)
    {
        await SchemaRoles.EnsureAsync(ownerConnection, applicationConnection, Schema, ct);
        await using var context = new FlowMigrationContext(new DbContextOptionsBuilder<FlowMigrationContext>()
            .UseNpgsql(ownerConnection, o => o.MigrationsHistoryTable("__migrations", Schema)).Options);
        await context.MigrateSchemaAsync(Schema, ct);
        await CronSchema.EnsureAsync(ownerConnection, applicationConnection, ct);
    }
}

/// <summary>The context that owns the package's migrations; it maps nothing.</summary>
internal sealed class FlowMigrationContext(DbContextOptions<FlowMigrationContext> options) : DbContext(options);

[DbContext(typeof(FlowMigrationContext))]
[Migration("0001_init")]
internal sealed class Init : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        Scripts.Run(migrationBuilder, "0001_init.sql");
    }
}

[DbContext(typeof(FlowMigrationContext))]
[Migration("0002_durable")]
internal sealed class Durable : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => Scripts.Run(migrationBuilder, "0002_durable.sql");
}

[DbContext(typeof(FlowMigrationContext))]
[Migration("0003_definitions")]
internal sealed class DefinitionColumns : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => Scripts.Run(migrationBuilder, "0003_definitions.sql");
}

[DbContext(typeof(FlowMigrationContext))]
[Migration("0004_faults")]
internal sealed class Faults : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => Scripts.Run(migrationBuilder, "0004_faults.sql");
}

[DbContext(typeof(FlowMigrationContext))]
[Migration("0005_small_runs")]
internal sealed class SmallRuns : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => Scripts.Run(migrationBuilder, "0005_small_runs.sql");
}

[DbContext(typeof(FlowMigrationContext))]
[Migration("0006_run_index")]
internal sealed class RunIndex : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => Scripts.Run(migrationBuilder, "0006_run_index.sql");
}

internal static class Scripts
{
    public static void Run(MigrationBuilder migrationBuilder, string name)
    {
        using var script = new StreamReader(typeof(Scripts).Assembly.GetManifestResourceStream(name)!);
        migrationBuilder.Sql(script.ReadToEnd());
    }
}
