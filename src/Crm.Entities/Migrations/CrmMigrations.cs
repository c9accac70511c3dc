using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Crm.Entities.Migrations;

/// <summary>Brings schemas <c>wfm</c>, <c>wfm_flows</c> and <c>crm</c> up to date.</summary>
public static class CrmMigration
{
    /// <summary>Makes roles and tables. Locked and rerunnable.</summary>
    /// <param name="ownerConnection">Login that may create roles and schemas.</param>
    /// <param name="applicationConnection">Login of the application; it is granted <c>wfm_app</c>, <c>wfm_flows_app</c> and <c>crm_app</c>.</param>
    /// <param name="ct">Cancels between statements.</param>
    public static async Task MigrateAsync(string ownerConnection, string applicationConnection, CancellationToken ct)
    {
        await WfmMigration.MigrateAsync(ownerConnection, applicationConnection, ct);
        await FlowMigration.MigrateAsync(ownerConnection, applicationConnection, ct);
        await SchemaRoles.EnsureAsync(ownerConnection, applicationConnection, CrmDbContext.Schema, ct);
        var options = new DbContextOptionsBuilder<CrmDbContext>().UseNpgsql(ownerConnection, o => o.MigrationsHistoryTable("__migrations", CrmDbContext.Schema)).Options;
        await using var context = new CrmDbContext(options);
        await context.MigrateSchemaAsync(CrmDbContext.Schema, ct);
    }
}

internal static class Scripts
{
    /// <summary>Reads a migration's scripts, one per noun, in the order of their numbers.</summary>
    public static string Read(string migration)
    {
        var assembly = typeof(Scripts).Assembly;
        var names = assembly.GetManifestResourceNames().Where(n => n.StartsWith($"crm.{migration}/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return string.Join('\n', names.Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }));
    }
}

[DbContext(typeof(CrmDbContext))]
[Migration("0001_init")]
internal sealed class Init : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Scripts.Read("0001_init"));
}
