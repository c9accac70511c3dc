using System.Globalization;

namespace Crm.Wfm.Subjects;

/// <summary>Record keys as the invariant text in which projects refer to their subjects.</summary>
internal static class Keys
{
    public static bool TryParse(string text, Type type, out object key)
    {
        key = text;
        if (type == typeof(string)) return text.Length is > 0 and <= 200;
        if (type == typeof(Guid) && Guid.TryParseExact(text, "D", out var guid)) key = guid;
        else if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) key = number;
        else if (type == typeof(long) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big)) key = big;
        else return false;
        return true;
    }

    public static object Parse(string text, Type type) =>
        TryParse(text, type, out var key) ? key : throw new FormatException($"'{text}' is no {type.Name} key.");
}
