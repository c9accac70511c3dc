using System.Globalization;

namespace Crm.Wfm.Rules;

/// <summary>Times as facts: UTC text of fixed width, ordered like the times themselves.</summary>
public static class FactTime
{
    /// <summary>The format: milliseconds, always UTC.</summary>
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Writes a time, cut to milliseconds.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
}
