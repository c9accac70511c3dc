namespace Crm.Embedded;

/// <summary>Says which PostgreSQL <see cref="EmbeddedPostgres.StartAsync"/> starts or joins.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>Distinguishes the clusters of one checkout: lower-case letters, digits and hyphens. Default <c>dev</c>; unused for a throw-away.</summary>
    public string Name { get; init; } = "dev";

    /// <summary>The checkout the cluster belongs to. Required unless <see cref="ThrowAway"/>; processes with the same root and name share one server.</summary>
    public string? Root { get; init; }

    /// <summary>A cluster of one's own, fast rather than durable, that is deleted on disposal. For tests.</summary>
    public bool ThrowAway { get; init; }

    /// <summary>The <c>bin</c> folder of an installed PostgreSQL 15 or later, instead of fetching one from npm.</summary>
    public string? BinariesFolder { get; init; }

    /// <summary>
    /// Where binaries and clusters live. Default: <c>crm-postgres</c> in the user's local application data, or in <c>/var/lib</c> for root,
    /// whose server runs as <c>nobody</c> and has to reach it. Only this user may own it and write to it.
    /// </summary>
    public string? Home { get; init; }

    /// <summary>Server settings on top of ours, as in <c>postgresql.conf</c>. A server that is already running keeps the ones it started with.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Receives a line for the user whenever something takes long.</summary>
    public Action<string>? Report { get; init; }

    internal void Check()
    {
        if (ThrowAway) return;
        ArgumentException.ThrowIfNullOrWhiteSpace(Root);
        if (Name.Length is 0 or > 40 || !Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            throw new ArgumentException("A name is 1 to 40 lower-case letters, digits and hyphens.", nameof(Name));
    }
}
