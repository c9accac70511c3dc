using System.ComponentModel.DataAnnotations;

namespace Crm.Wfm;

/// <summary>Settings of the package, section <c>Wfm</c> by custom.</summary>
public sealed class WfmOptions
{
    /// <summary>Gets or sets the connection string of the login that migrates; <c>null</c> uses the context's own, which then is no last door.</summary>
    public string? OwnerConnection { get; set; }

    /// <summary>Gets or sets the role whose members may publish bundles and look after parked events over HTTP. Default <c>admin</c>.</summary>
    [Required]
    [StringLength(64, MinimumLength = 1)]
    public string PublisherRole { get; set; } = "admin";
}
