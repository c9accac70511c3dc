using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Settings of how flows speak with the outside over HTTP, section <c>Wfm:Flows:Outside</c> by custom.</summary>
public sealed class OutsideOptions : IValidatableObject
{
    /// <summary>Gets or sets the hosts that flows may send requests to, such as <c>api.example.com</c> or <c>*.example.com</c>; none for all.</summary>
    public string[] AllowedHosts { get; set; } = [];

    /// <summary>Gets or sets the networks that are not public and may be connected to nevertheless, such as <c>10.1.0.0/16</c>; none: loopback, private, link-local and reserved addresses are refused.</summary>
    public string[] AllowedNetworks { get; set; } = [];

    /// <summary>Gets or sets how many bytes an answer may have. Default 2,000,000.</summary>
    [Range(1, 100_000_000)]
    public int MaxAnswer { get; set; } = 2_000_000;

    /// <summary>Gets or sets how many redirects are followed. Default 5.</summary>
    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Gets or sets after what time a host that does not answer cannot be connected to. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var network in AllowedNetworks)
            if (!IPNetwork.TryParse(network, out _)) yield return new($"'{network}' is no network such as 10.1.0.0/16.", [nameof(AllowedNetworks)]);
    }
}
