using System.Globalization;
using System.Text.RegularExpressions;

namespace Crm.Wfm.Schemas;

/// <summary>A format a text may have to have.</summary>
/// <param name="Accepts">Whether a text has it.</param>
/// <param name="Words">What to tell a person whose text has not.</param>
public sealed record Format(Predicate<string> Accepts, string Words);

/// <summary>The formats of JSON Schema that are enforced.</summary>
public static class Formats
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly Regex Time = new(@"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])\z", Linear);
    private static readonly Regex DateDuration = new(@"^P([0-9]+W|([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?)\z", Linear);
    private static readonly Regex Email = new(@"^[^\s@""(),:;<>\[\\\]]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\z", Linear);

    /// <summary>Gets them by name.</summary>
    public static IReadOnlyDictionary<string, Format> All { get; } = new Dictionary<string, Format>
    {
        ["date"] = new(IsDate, "a date such as 2026-03-31"),
        ["date-time"] = new(IsDateTime, "a date and time such as 2026-03-31T14:30:00Z"),
        ["time"] = new(Time.IsMatch, "a time such as 14:30:00Z"),
        ["duration"] = new(t => DateDuration.IsMatch(t) && t[^1] is not ('P' or 'T'), "a duration such as P3D or PT1H30M"),
        ["email"] = new(t => t.Length <= 254 && Email.IsMatch(t), "an e-mail address"),
        ["uri"] = new(t => Uri.IsWellFormedUriString(t, UriKind.Absolute), "an absolute URI such as https://example.com/"),
        ["uuid"] = new(t => Guid.TryParseExact(t, "D", out _), "a UUID such as 018f4e2a-7c31-7000-8000-000000000000"),
        ["json-pointer"] = new(t => JsonPointer.Tokens(t) is not null, "a JSON Pointer such as /entity/amount"),
    };

    private static bool IsDateTime(string text) => text.Length > 11 && IsDate(text[..10]) && text[10] is 'T' or 't' && Time.IsMatch(text[11..]);

    private static bool IsDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
