using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Crm.Host.Telemetry;
using Microsoft.Extensions.Options;

namespace Crm.Host.Tests.Telemetry;

/// <summary>What a collector is told.</summary>
public sealed class TelemetryExportTests
{
    [Fact]
    public async Task A_collector_is_told_of_flows_before_the_host_ends()
    {
        using var collector = new HttpListener();
        var address = $"http://127.0.0.1:{FreePort()}";
        collector.Prefixes.Add(address + "/");
        collector.Start();
        var told = new ConcurrentDictionary<string, string>();
        var collecting = Task.Run(async () =>
        {
            while (told.Count < 2)
            {
                var context = await collector.GetContextAsync();
                using var body = new StreamReader(context.Request.InputStream, Encoding.Latin1);
                told[context.Request.Url!.AbsolutePath] = await body.ReadToEndAsync();
                context.Response.Close();
            }
        });
        using var export = new TelemetryExport(Options.Create(new TelemetryOptions { Endpoint = address, Name = "crm-under-test" }));
        using var source = new ActivitySource(Crm.Wfm.Flows.Running.FlowTelemetry.Name);
        await export.StartAsync(default);
        source.StartActivity("flow Greet").ShouldNotBeNull().Dispose();
        await export.StopAsync(default);
        await collecting;

        told["/v1/traces"].ShouldContain("flow Greet");
        told["/v1/traces"].ShouldContain("crm-under-test");
        told.Keys.ShouldContain("/v1/metrics");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
