using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Embedding.Tests.Readme;

// README: ShopContext.cs
public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWfm();
}

public sealed record OrderFacts(decimal Total, string Currency, string Customer);
// README end

public sealed class Order
{
    public int Id { get; init; }

    public required decimal Total { get; set; }

    public required string Currency { get; set; }

    public required Customer Customer { get; set; }
}

public sealed class Customer
{
    public int Id { get; init; }

    public required string Name { get; set; }
}
