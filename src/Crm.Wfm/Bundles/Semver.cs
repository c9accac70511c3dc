using System.Globalization;
using System.Text.RegularExpressions;

namespace Crm.Wfm.Bundles;

/// <summary>A semantic version (semver.org 2.0.0, without build metadata).</summary>
internal sealed record Semver(int Major, int Minor, int Patch, string Pre = "") : IComparable<Semver>
{
    private static readonly Regex Form = new(@"^(?<major>[0-9]{1,9})\.(?<minor>[0-9]{1,9})\.(?<patch>[0-9]{1,9})(-(?<pre>[0-9A-Za-z.-]+))?\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    public static Semver? Parse(string text)
    {
        var match = Form.Match(text);
        return match.Success ? new Semver(Number(match, "major"), Number(match, "minor"), Number(match, "patch"), match.Groups["pre"].Value) : null;
    }

    public Semver NextMajor() => new(Major + 1, 0, 0);

    public Semver NextMinor() => new(Major, Minor + 1, 0);

    /// <summary>The next version that may break: before 1.0.0 every part counts one higher.</summary>
    public Semver NextBreaking(bool anyPatch) => this switch
    {
        { Major: > 0 } => NextMajor(),
        { Minor: > 0 } => NextMinor(),
        _ => anyPatch ? NextMinor() : new Semver(0, 0, Patch + 1),
    };

    public int CompareTo(Semver? other)
    {
        if (other is null) return 1;
        var order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (order != 0 || Pre == other.Pre) return order;
        if (Pre.Length == 0 || other.Pre.Length == 0) return Pre.Length == 0 ? 1 : -1;
        return ComparePre(Pre.Split('.'), other.Pre.Split('.'));
    }

    private static int ComparePre(string[] a, string[] b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var (x, y) = (AsNumber(a[i]), AsNumber(b[i]));
            var order = (x, y) switch
            {
                ({ } m, { } n) => m.CompareTo(n),
                (null, null) => string.CompareOrdinal(a[i], b[i]),
                _ => x is null ? 1 : -1,
            };
            if (order != 0) return order;
        }

        return a.Length.CompareTo(b.Length);
    }

    private static int? AsNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int Number(Match match, string part) => int.Parse(match.Groups[part].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
}
