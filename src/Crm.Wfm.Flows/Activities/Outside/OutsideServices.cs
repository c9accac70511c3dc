using Crm.Wfm.Flows.Activities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows;

/// <summary>Registers what the activities need that speak with the outside.</summary>
internal static class OutsideServices
{
    public static IServiceCollection AddOutside(this IServiceCollection services)
    {
        services.AddOptions<OutsideOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MailOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WebhookOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<OutsideGate>();
        services.TryAddTransient<OutsideHttp>();
        services.TryAddTransient<HttpSender>();
        services.TryAddTransient<MailSender>();
        // The activity's own timeout counts. A proxy of the environment would be connected to in place of what is asked for, so that nobody would look at that.
        services.AddHttpClient(OutsideHttp.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(p => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            ConnectTimeout = p.GetRequiredService<IOptions<OutsideOptions>>().Value.ConnectTimeout,
            ConnectCallback = (context, ct) => p.GetRequiredService<OutsideGate>().ConnectAsync(context.DnsEndPoint, ct),
        });
        return services;
    }
}
