using System.ComponentModel.DataAnnotations;

namespace Crm.Host.Telemetry;

/// <summary>Settings of what is told to a collector of traces and measures.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>Gets or sets the address of an OpenTelemetry collector that speaks OTLP over HTTP, such as <c>http://localhost:4318</c>; empty tells nobody.</summary>
    [Url]
    public string? Endpoint { get; set; }

    /// <summary>Gets or sets the name this host is known by there. Default <c>crm</c>.</summary>
    [Required, StringLength(100)]
    public string Name { get; set; } = "crm";

    /// <summary>Gets or sets how often measures are told. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);
}
