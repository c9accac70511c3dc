using System.Globalization;

namespace Crm.Wfm.Rules;

/// <summary>Times as facts: UTC text of fixed width, ordered like the times themselves.</summary>
public static class FactTime
{
    /// <summary>The format: milliseconds, always UTC.</summary>
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private const int MaxLength = 40;

    private static readonly string[] Zoned = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>Writes a time, cut to milliseconds.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Reads a date (<c>2026-03-01</c>, its first moment in UTC) or a time with its offset (<c>2026-03-01T09:30:00+01:00</c>, or <c>Z</c>); <c>null</c> for anything else.</summary>
    public static DateTimeOffset? Read(string? text)
    {
        if (text is null || text.Length > MaxLength) return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!HasOffset(text)) return DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, Utc, out var date) ? date : null;
        return DateTimeOffset.TryParseExact(text, Zoned, CultureInfo.InvariantCulture, Utc, out var time) ? time : null;
    }

    // Without one a time is another one wherever it is read.
    private static bool HasOffset(string text) => text is [.., 'Z'] or [.., '+' or '-', _, _, ':', _, _];
}
