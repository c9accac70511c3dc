using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace Crm.Wfm;

/// <summary>ISO 8601 durations of fixed length: weeks, days, hours, minutes, seconds. Years and months have none.</summary>
public static class IsoDuration
{
    private static readonly Regex Form = new(@"^P([0-9]{1,6}D)?(T([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,6}(\.[0-9]{1,7})?S)?)?\z", RegexOptions.NonBacktracking);
    private static readonly Regex Weeks = new(@"^P[0-9]{1,5}W\z", RegexOptions.NonBacktracking);

    /// <summary>Reads a duration; <c>null</c> when the text is none.</summary>
    public static TimeSpan? Parse(string? text)
    {
        if (text is null) return null;
        if (Weeks.IsMatch(text)) return TimeSpan.FromDays(7 * int.Parse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture));
        return Form.IsMatch(text) && text[^1] is not ('P' or 'T') ? XmlConvert.ToTimeSpan(text) : null;
    }
}
