using System.Globalization;

namespace Crm.Wfm.Subjects;

/// <summary>Record keys as the invariant text in which projects refer to their subjects.</summary>
internal static class Keys
{
    /// <summary>Gets what a key can be.</summary>
    public static IReadOnlyList<Type> Types { get; } = [typeof(Guid), typeof(int), typeof(long), typeof(string)];

    /// <summary>Reads a key and spells it the one way it is stored, so that <c>007</c> and <c>7</c> are one record with one open project; <c>null</c> when it is no such key.</summary>
    public static string? Canonical(string text, Type type) => TryParse(text, type, out var key) ? Convert.ToString(key, CultureInfo.InvariantCulture) : null;

    public static object Parse(string text, Type type) =>
        TryParse(text, type, out var key) ? key : throw new FormatException($"'{text}' is no {type.Name} key.");

    private static bool TryParse(string text, Type type, out object key)
    {
        key = text;
        if (type == typeof(string)) return text.Length is > 0 and <= 200;
        if (type == typeof(Guid) && Guid.TryParseExact(text, "D", out var guid)) key = guid;
        else if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) key = number;
        else if (type == typeof(long) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big)) key = big;
        else return false;
        return true;
    }
}
