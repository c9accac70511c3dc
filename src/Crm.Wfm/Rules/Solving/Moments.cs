using System.Globalization;

namespace Crm.Wfm.Rules.Solving;

/// <summary>Times among facts, as the solver moves along them.</summary>
internal static class Moments
{
    private const string Day = "yyyy-MM-dd";
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>Reads a date or a time; <c>null</c> for any other text.</summary>
    public static DateTimeOffset? Read(string? text)
    {
        if (text is not { Length: >= 10 and <= 40 } || !char.IsAsciiDigit(text[0]) || text[4] != '-') return null;
        if (text.Length == 10) return DateTimeOffset.TryParseExact(text, Day, CultureInfo.InvariantCulture, Utc, out var date) ? date : null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var time) ? time : null;
    }

    public static string Date(DateTimeOffset time) => time.UtcDateTime.ToString(Day, CultureInfo.InvariantCulture);

    /// <summary>Goes from one time to another; <c>null</c> beyond the calendar.</summary>
    public static DateTimeOffset? Shift(DateTimeOffset time, TimeSpan by)
    {
        var ticks = time.UtcTicks + (decimal)by.Ticks;
        return ticks < DateTimeOffset.MinValue.UtcTicks || ticks > DateTimeOffset.MaxValue.UtcTicks ? null : new DateTimeOffset((long)ticks, TimeSpan.Zero);
    }
}
