using Shop.Orders;

namespace Shop;

public static class ShopWorker
{
    public static IHost Build(params string[] args)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.AddShop(wfm => wfm.AddEventConsumer<ThankYou>("thank-you").AddEventPump());
        builder.Services.AddHostedService<Courier>();
        return builder.Build();
    }
}

/// <summary>Ships what is paid, every minute.</summary>
public sealed class Courier(IServiceScopeFactory scopes, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        do
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Shipping>().ShipAllAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
