using System.Globalization;
using System.Text.RegularExpressions;

namespace Crm.Wfm.Bundles;

/// <summary>
/// A range of semantic versions as npm writes them: <c>^2.1.0</c>, <c>~2.1</c>, <c>&gt;=1.0.0 &lt;3.0.0</c>, <c>1.x</c>, <c>*</c>, alternatives by <c>||</c>.
/// </summary>
internal sealed class SemverRange
{
    private static readonly Regex Comparator = new(
        @"^(?<op>\^|~|>=|<=|>|<|=)?(?<major>[0-9]{1,9}|[xX*])(\.(?<minor>[0-9]{1,9}|[xX*]))?(\.(?<patch>[0-9]{1,9}|[xX*]))?(-(?<pre>[0-9A-Za-z.-]+))?\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private readonly List<List<Bounds>> _alternatives;

    private SemverRange(List<List<Bounds>> alternatives) => _alternatives = alternatives;

    /// <summary>Reads a range; <c>null</c> when the text is none.</summary>
    public static SemverRange? Parse(string text)
    {
        var alternatives = new List<List<Bounds>>();
        foreach (var alternative in text.Split("||"))
        {
            var parts = alternative.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var bounds = parts.Select(ReadComparator).OfType<Bounds>().ToList();
            if (parts.Length == 0 || bounds.Count < parts.Length) return null;
            alternatives.Add(bounds);
        }

        return new SemverRange(alternatives);
    }

    /// <summary>Tells whether a version lies in the range; a pre-release only where a comparator names one.</summary>
    public bool Includes(string version) =>
        Semver.Parse(version) is { } semver && _alternatives.Exists(all => all.TrueForAll(bounds => bounds.Include(semver)));

    private static Bounds? ReadComparator(string text)
    {
        var match = Comparator.Match(text);
        if (!match.Success) return null;
        var (major, minor, patch) = (Part(match, "major"), Part(match, "minor"), Part(match, "patch"));
        var from = new Semver(major ?? 0, minor ?? 0, patch ?? 0, match.Groups["pre"].Value);
        // The first version that is no longer meant by what was written: 1.x means all of 1, 1.2 all of 1.2.
        var after = (major, minor, patch) switch
        {
            (null, _, _) => null,
            (_, null, _) => from.NextMajor(),
            (_, _, null) => from.NextMinor(),
            _ => null as Semver,
        };
        return match.Groups["op"].Value switch
        {
            "^" => new Bounds(from, major is null ? null : minor is null ? from.NextMajor() : from.NextBreaking(patch is null)),
            "~" => new Bounds(from, major is null ? null : minor is null ? from.NextMajor() : from.NextMinor()),
            ">=" => new Bounds(from, null),
            ">" => new Bounds(after ?? from, null, Exclusive: after is null),
            "<" => new Bounds(null, from),
            "<=" => after is null && major is not null ? new Bounds(null, from, Inclusive: true) : new Bounds(null, after),
            _ => after is null && major is not null ? new Bounds(from, from, Inclusive: true) : new Bounds(from, after),
        };
    }

    private static int? Part(Match match, string name) =>
        int.TryParse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>From a version, up to but without another.</summary>
    private sealed record Bounds(Semver? From, Semver? To, bool Exclusive = false, bool Inclusive = false)
    {
        public bool Include(Semver version)
        {
            if (version.Pre.Length > 0 && From?.Pre is not { Length: > 0 } && To?.Pre is not { Length: > 0 }) return false;
            if (From is not null && version.CompareTo(From) is var low && (low < 0 || (Exclusive && low == 0))) return false;
            return To is null || (version.CompareTo(To) is var high && (high < 0 || (Inclusive && high == 0)));
        }
    }
}
