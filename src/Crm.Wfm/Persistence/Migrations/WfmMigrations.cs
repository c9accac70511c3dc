using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Crm.Wfm.Persistence.Migrations;

/// <summary>The context that owns the package's migrations; it maps nothing.</summary>
internal sealed class WfmMigrationContext(DbContextOptions<WfmMigrationContext> options) : DbContext(options)
{
    public static WfmMigrationContext On(string connectionString) => new(new DbContextOptionsBuilder<WfmMigrationContext>()
        .UseNpgsql(connectionString, o => o.MigrationsHistoryTable("__migrations", WfmModel.Schema))
        .Options);
}

/// <summary>Reads the SQL files that ship inside the assembly.</summary>
internal static class MigrationScript
{
    /// <summary>Reads a migration's scripts, one per subject, in the order of their numbers.</summary>
    public static string ReadAll(string migration) => string.Join('\n', typeof(MigrationScript).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(migration + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Read));

    public static string Read(string name)
    {
        using var stream = typeof(MigrationScript).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks the script {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

[DbContext(typeof(WfmMigrationContext))]
[Migration("0001_init")]
internal sealed class Init : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(MigrationScript.ReadAll("0001_init"));
}

[DbContext(typeof(WfmMigrationContext))]
[Migration("0002_claimed_events")]
internal sealed class ClaimedEvents : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(MigrationScript.Read("0002_claimed_events.sql"));
}
