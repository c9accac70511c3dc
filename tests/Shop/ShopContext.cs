using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.Orders;

namespace Shop;

public class ShopContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<Label> Labels => Set<Label>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema("shop");
        modelBuilder.Entity<Order>(order =>
        {
            order.Property(o => o.Priority).HasConversion<string>();
            order.Property(o => o.Wishes).HasColumnType("jsonb");
            order.Property(o => o.Version).IsConcurrencyToken();
            order.HasQueryFilter(o => o.DeletedAt == null);
        });
        modelBuilder.AddWfm();
    }
}

/// <summary>The shop's own tables. It has no migrations; the login that owns them lets everybody in <c>wfm_app</c>, the application among them, use them.</summary>
internal static class ShopSchema
{
    public static async Task CreateAsync(string owner, CancellationToken ct)
    {
        using var script = new StreamReader(typeof(ShopSchema).Assembly.GetManifestResourceStream("schema.sql")!);
        await using var source = NpgsqlDataSource.Create(owner);
        await using var command = source.CreateCommand(await script.ReadToEndAsync(ct));
        await command.ExecuteNonQueryAsync(ct);
    }
}
