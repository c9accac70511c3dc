using System.Text;
using Crm.Testing;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>A database with three tables whose keys differ, and one process for all of them.</summary>
public sealed class KeysDatabase : TestDatabase
{
    private const string Bundle = """
        {
          "apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "keys", "version": "1.0.0"},
          "subjects": {
            "parcel": {"schema": {"type": "object", "properties": {"note": {"type": ["string", "null"]}}}},
            "invoice": {"schema": {"type": "object"}}, "meter": {"schema": {"type": "object"}}, "ticket": {"schema": {"type": "object"}}
          },
          "projectTypes": {
            "parcel": {"workflow": "flow", "subject": "parcel"}, "invoice": {"workflow": "flow", "subject": "invoice"},
            "meter": {"workflow": "flow", "subject": "meter"}, "ticket": {"workflow": "flow", "subject": "ticket"}
          },
          "statuses": {"open": {"category": "open"}, "done": {"category": "done"}},
          "workflows": {"flow": {"steps": [{"status": "open", "initial": true}, {"status": "done", "final": true}], "transitions": {"finish": {"from": ["open"], "to": "done"}}}}
        }
        """;

    protected override async Task MigrateAsync(string owner, string application)
    {
        await WfmMigration.MigrateAsync(owner, application, default);
        await using (var source = NpgsqlDataSource.Create(owner))
        {
            await using var command = source.CreateCommand("""
                create table "Parcel" ("Id" text primary key, "Note" text);
                create table "Bill" ("Id" uuid primary key, "Note" text);
                create table "Meter" ("Id" bigint primary key, "Reading" double precision not null);
                create table "PARCEL" ("ID" text primary key, "NOTE" text);
                create table "BILL" ("ID" uuid primary key, "NOTE" text);
                create table "METER" ("ID" bigint primary key, "READING" double precision not null);
                grant select, insert, update on all tables in schema public to wfm_app
                """);
            await command.ExecuteNonQueryAsync();
        }

        await using var services = Keys.Services<KeysContext>(s => s.AddDbContext<KeysContext>(o => o.UseNpgsql(owner)));
        await using var scope = services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<BundlePublisher>().PublishAsync(Encoding.UTF8.GetBytes(Bundle), Actor.System, false, default)).ShouldBeOfType<PublishResult.Published>();
    }
}

/// <summary>How a host governs them.</summary>
internal static class Keys
{
    public static ServiceProvider Services<TContext>(Action<IServiceCollection> addContext)
        where TContext : DbContext
    {
        var services = new ServiceCollection().AddLogging();
        addContext(services);
        Govern<TContext>(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    public static void Govern<TContext>(IServiceCollection services)
        where TContext : DbContext => services.AddWfm<TContext>(wfm => wfm
            .Govern<Parcel>("parcel", p => p.Id, p => new { p.Note }, parcel => parcel.Settable(p => p.Note))
            .Govern<Bill>("invoice", b => b.Id, b => new { b.Note })
            .Govern<Meter>("meter", m => m.Id, m => new { m.Reading })
            .Actor(_ => new(TestUser)));

    public static Guid TestUser { get; } = new("00000000-0000-0000-0000-0000000000aa");
}

public class KeysContext(DbContextOptions options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Parcel>();
        modelBuilder.Entity<Bill>();
        modelBuilder.Entity<Meter>().Property(m => m.Id).ValueGeneratedNever();
        modelBuilder.AddWfm();
    }
}

/// <summary>A host that shouts: by a convention, and by a loop over all there is before it adds the package.</summary>
public sealed class ShoutingContext(DbContextOptions options) : KeysContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => configurationBuilder.Conventions.Add(_ => new Shouting());

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        foreach (var type in modelBuilder.Model.GetEntityTypes())
        {
            type.SetTableName(type.GetTableName()!.ToUpperInvariant());
            foreach (var property in type.GetProperties()) property.SetColumnName(property.GetColumnName().ToUpperInvariant());
        }

        modelBuilder.AddWfm();
    }

    private sealed class Shouting : IModelFinalizingConvention
    {
        public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
        {
            foreach (var property in modelBuilder.Metadata.GetEntityTypes().SelectMany(t => t.GetProperties())) property.Builder.HasColumnName(property.GetColumnName().ToUpperInvariant());
        }
    }
}

public sealed class Parcel
{
    public required string Id { get; init; }

    public string? Note { get; set; }
}

public sealed class Bill
{
    public required Guid Id { get; init; }

    public string? Note { get; set; }
}

public sealed class Meter
{
    public required long Id { get; init; }

    public double Reading { get; set; }
}
