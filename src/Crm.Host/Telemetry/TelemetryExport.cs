using Crm.Wfm.Flows.Running;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Crm.Host.Telemetry;

/// <summary>Tells a collector of requests, flows and statements, where one is configured.</summary>
internal sealed class TelemetryExport(IOptions<TelemetryOptions> options) : IHostedService, IDisposable
{
    private TracerProvider? _traces;
    private MeterProvider? _measures;

    public Task StartAsync(CancellationToken ct)
    {
        var telemetry = options.Value;
        if (string.IsNullOrEmpty(telemetry.Endpoint)) return Task.CompletedTask;
        var resource = ResourceBuilder.CreateDefault().AddService(telemetry.Name);
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(FlowTelemetry.Name, "Microsoft.AspNetCore", "Npgsql")
            .AddOtlpExporter(o => To(o, telemetry.Endpoint, "v1/traces")).Build();
        _measures = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(FlowTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Npgsql", "System.Runtime")
            .AddOtlpExporter((o, reader) =>
            {
                To(o, telemetry.Endpoint, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)telemetry.Interval.TotalMilliseconds;
            }).Build();
        return Task.CompletedTask;
    }

    // What was not told yet is, before the host ends.
    public Task StopAsync(CancellationToken ct)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        (_traces, _measures, var traces, var measures) = (null, null, _traces, _measures);
        traces?.Dispose();
        measures?.Dispose();
    }

    private static void To(OtlpExporterOptions options, string endpoint, string path) =>
        (options.Protocol, options.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri($"{endpoint.TrimEnd('/')}/{path}"));
}
