namespace Crm.Host.Configuration;

/// <summary>Settings of the host itself.</summary>
internal sealed class CrmOptions
{
    /// <summary>Gets or sets the folder of bundles that are published into the default workspace at start, relative to the checkout; empty publishes none. In Development <c>samples/workflows</c>.</summary>
    public string Bundles { get; set; } = "";

    /// <summary>Gets or sets whether to work on this folder's own embedded PostgreSQL when no connection string is given, as <c>--embedded</c> does. In Development <c>true</c>.</summary>
    public bool Embedded { get; set; }

    /// <summary>Gets or sets whether the default workspace is filled with records to look at, unless it has some. In Development <c>true</c>.</summary>
    public bool Demo { get; set; }

    /// <summary>Gets or sets whether the web front end is served at <c>/studio/</c>, where it was built.</summary>
    public bool Studio { get; set; } = true;
}
