using System.Globalization;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>Which versions of a flow are meant, as Elsa names them.</summary>
public readonly record struct VersionOptions
{
    private VersionOptions(VersionKind kind, int number = 0) => (Kind, Number) = (kind, number);

    /// <summary>Gets what is asked for. The default value asks for any version.</summary>
    public VersionKind Kind { get; }

    /// <summary>Gets the version's number where one is asked for; else 0.</summary>
    public int Number { get; }

    /// <summary>Every version.</summary>
    public static VersionOptions All => default;

    /// <summary>The newest one, draft or not.</summary>
    public static VersionOptions Latest => new(VersionKind.Latest);

    /// <summary>The published one.</summary>
    public static VersionOptions Published => new(VersionKind.Published);

    /// <summary>The newest one and the published one, where they differ; of a single flow the newest.</summary>
    public static VersionOptions LatestOrPublished => new(VersionKind.LatestOrPublished);

    /// <summary>The newest one, if it is published.</summary>
    public static VersionOptions LatestAndPublished => new(VersionKind.LatestAndPublished);

    /// <summary>Those that are not published; of a single flow the newest of them.</summary>
    public static VersionOptions Draft => new(VersionKind.Draft);

    /// <summary>The version of a number.</summary>
    public static VersionOptions Of(int number) => new(VersionKind.Number, number);

    /// <summary>Reads <c>Latest</c>, <c>Published</c>, <c>LatestOrPublished</c>, <c>LatestAndPublished</c>, <c>Draft</c>, <c>AllVersions</c> or a number; nothing is every version.</summary>
    /// <returns>Whether it is one of them.</returns>
    public static bool TryParse(string? text, out VersionOptions options)
    {
        options = default;
        if (string.IsNullOrEmpty(text) || text.Equals("AllVersions", StringComparison.OrdinalIgnoreCase)) return true;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) options = Of(number);
        else if (Enum.TryParse<VersionKind>(text, ignoreCase: true, out var kind) && kind is not (VersionKind.All or VersionKind.Number) && Enum.IsDefined(kind)) options = new(kind);
        else return false;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        VersionKind.All => "AllVersions",
        VersionKind.Number => Number.ToString(CultureInfo.InvariantCulture),
        _ => Kind.ToString(),
    };
}

/// <summary>What <see cref="VersionOptions"/> can ask for.</summary>
public enum VersionKind
{
    /// <summary>Every version.</summary>
    All,

    /// <summary>The newest one.</summary>
    Latest,

    /// <summary>The published one.</summary>
    Published,

    /// <summary>The newest one and the published one.</summary>
    LatestOrPublished,

    /// <summary>The newest one, if it is published.</summary>
    LatestAndPublished,

    /// <summary>Those that are not published.</summary>
    Draft,

    /// <summary>The one of a number.</summary>
    Number,
}
