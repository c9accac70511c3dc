using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Tests.Docs;

// PAGE
[FlowActivity("Shop.ReserveStock", "Shop", "Sets goods aside for an order.", Outcomes = ["Reserved", "SoldOut"])]
public sealed class ReserveStock(ShopContext shop) : IFlowActivity
{
    [FlowInput("The article's number.")]
    public required string Article { get; init; }

    [FlowInput("How many.")]
    public int Count { get; init; } = 1;

    [FlowOutput("How many are left.")]
    public int Left { get; private set; }

    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var stock = await shop.Stock.SingleAsync(s => s.Article == Article, ct);
        if (stock.Count < Count) return new ActivityResult.Completed("SoldOut");
        stock.Count -= Count;
        await shop.SaveChangesAsync(ct);
        Left = stock.Count;
        return new ActivityResult.Completed("Reserved");
    }
}
// END

public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Stock> Stock => Set<Stock>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Stock>().HasKey(s => s.Article);
        modelBuilder.AddWfm();
    }
}

public sealed class Stock
{
    public required string Article { get; init; }

    public required int Count { get; set; }
}
