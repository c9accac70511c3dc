using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Options;

namespace Crm.Host.Realtime;

/// <summary>The hub and what it needs.</summary>
internal static class RealtimeSetup
{
    public static void AddRealtime(this IServiceCollection services)
    {
        services.AddSignalR();
        services.AddSingleton<ChangeFeed>();
        services.AddHostedService(p => p.GetRequiredService<ChangeFeed>());
    }

    /// <summary>Maps the hub. WebSockets only: they need no second request that would have to reach the same host.</summary>
    public static void MapRealtime(this WebApplication app)
    {
        var lease = app.Services.GetRequiredService<IOptions<RealtimeOptions>>().Value.Lease;
        app.MapHub<ChangesHub>(ChangesHub.Path, o => (o.Transports, o.CloseOnAuthenticationExpiration) = (HttpTransportType.WebSockets, true)).RequireAuthorization().Add(endpoint =>
        {
            var connect = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http =>
            {
                // By the machine's clock: SignalR looks at that one.
                if (http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties is { } properties) properties.ExpiresUtc = TimeProvider.System.GetUtcNow() + lease;
                return connect(http);
            };
        });
    }
}
