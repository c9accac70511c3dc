using Crm.Wfm;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Shop.Orders;

namespace Shop;

/// <summary>What web application and worker have in common.</summary>
public static class ShopServices
{
    public static void AddShop(this IHostApplicationBuilder builder, Action<WfmBuilder>? configure = null)
    {
        builder.Services.AddDbContext<ShopContext>(o => o.UseNpgsql(builder.Configuration.GetConnectionString("Shop")));
        builder.Services.AddWfm<ShopContext>(wfm =>
        {
            wfm.Govern<Order>("order", o => o.Id, o => new OrderFacts(o.Total, o.Currency, o.Priority, o.Customer!.Name, o.PlacedAt, o.TrackingNumber, o.LostReason, OrderFacts.Read(o.Wishes)), order => order
                    .Relation("owner", o => o.OwnerId)
                    .Settable(o => o.Priority)
                    .Settable(o => o.TrackingNumber)
                    .Settable(o => o.LostReason)
                    .SettableMembers(o => o.Wishes)
                    .Mirror(o => o.Project, o => o.Step, o => o.StepEnteredAt)
                    .EmitOnMove("shop.order.moved")
                    .Version(o => o.Version)
                    .Updated(o => o.UpdatedAt, o => o.UpdatedBy))
                .AddPostAction<PrintLabel>("printLabel")
                .LoadBundles("processes");
            configure?.Invoke(wfm);
        });
        builder.Services.Configure<WfmOptions>(o => o.OwnerConnection = builder.Configuration.GetConnectionString("ShopOwner"));
        builder.Services.AddScoped<Shipping>();
    }

    public static async Task MigrateShopAsync(this IHost host, CancellationToken ct = default)
    {
        await host.MigrateWfmAsync(ct);
        await using var scope = host.Services.CreateAsyncScope();
        var configuration = scope.ServiceProvider.GetRequiredService<IConfiguration>();
        await ShopSchema.CreateAsync(configuration.GetConnectionString("ShopOwner") ?? configuration.GetConnectionString("Shop")!, ct);
    }
}
