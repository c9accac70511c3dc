using System.Globalization;

namespace Crm.Host.Lists;

/// <summary>What values a field has: how they are written in a query, and by which operators they may be compared.</summary>
internal abstract record FieldType(string Name, string Values, IReadOnlyList<string> Operators)
{
    /// <summary>Gets whether commas part values: in all but free text, which may have some itself.</summary>
    public bool CommasPart { get; init; } = true;
}

/// <param name="Read">Reads a value; <c>null</c> when the text is none.</param>
internal sealed record FieldType<TValue>(string Name, string Values, IReadOnlyList<string> Operators, Func<string, TValue?> Read) : FieldType(Name, Values, Operators);

/// <summary>The types there are.</summary>
internal static class FieldTypes
{
    public const int LongestText = 400;
    private const NumberStyles Numbers = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private static readonly string[] Ordered = ["eq", "ne", "gt", "gte", "lt", "lte", "null"];

    public static FieldType<string> Text { get; } = new("text", "any text", ["eq", "ne", "contains", "startsWith", "null"], ReadText) { CommasPart = false };

    public static FieldType<string> Key { get; } = new("key", "a key such as `proposal`", ["eq", "ne", "null"], ReadText);

    public static FieldType<Guid?> Id { get; } = new("id", "a UUID", ["eq", "ne", "null"], text => Guid.TryParseExact(text, "D", out var id) ? id : null);

    public static FieldType<decimal?> Number { get; } = new("number", "a number such as `1000` or `0.5`", Ordered, text => decimal.TryParse(text, Numbers, CultureInfo.InvariantCulture, out var number) ? number : null);

    public static FieldType<DateOnly?> Date { get; } = new("date", "a date such as `2027-01-31`", Ordered,
        text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null);

    public static FieldType<DateTimeOffset?> Time { get; } = new("time", "a time such as `2027-01-31T12:00:00Z`; write the plus of an offset as `%2B`", Ordered, ReadTime);

    public static FieldType<bool?> YesNo { get; } = new("yes or no", "`true` or `false`", ["eq"], text => text switch { "true" => true, "false" => false, _ => null });

    /// <summary>Gets numbers that are kept as double precision.</summary>
    public static FieldType<double?> Double { get; } = new(Number.Name, Number.Values, Ordered, ReadDouble);

    /// <summary>Gets dates that are kept as the time they begin at in UTC.</summary>
    public static FieldType<DateTimeOffset?> Midnight { get; } = new(Date.Name, Date.Values, Ordered, text => Date.Read(text) is { } date ? new(date, TimeOnly.MinValue, TimeSpan.Zero) : null);

    /// <summary>Gets yes or no as text.</summary>
    public static FieldType<string> YesNoText { get; } = new(YesNo.Name, YesNo.Values, ["eq", "null"], text => YesNo.Read(text) is null ? null : text);

    /// <summary>Gets ids that are kept as text.</summary>
    public static FieldType<string> IdText { get; } = new(Id.Name, Id.Values, Id.Operators, text => Id.Read(text)?.ToString());

    // By way of its text, as PostgreSQL makes one of a numeric; what .NET makes of a decimal of many digits may be its neighbour.
    private static double? ReadDouble(string text) => Number.Read(text) is { } number ? double.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;

    // PostgreSQL has no text with a NUL.
    private static string? ReadText(string text) => text.Length is > 0 and <= LongestText && !text.Contains('\0') ? text : null;

    private static DateTimeOffset? ReadTime(string text) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
        && (text.EndsWith('Z') || text[^6] is '+' or '-')
            ? time
            : null;
}
