using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Crm.Wfm.Flows.Tests.Outside;

/// <summary>A real web server on 127.0.0.1 that answers as a test wants.</summary>
public sealed class Loopback : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Loopback(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<Loopback> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new(app);
    }

    /// <summary>An address nobody listens at.</summary>
    public static async Task<string> NobodyAsync()
    {
        await using var gone = await StartAsync(_ => Task.CompletedTask);
        return gone.Url;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
