using Quartz;

namespace Crm.Wfm.Flows.Compiling;

/// <summary>
/// Cron expressions as Elsa has them: six fields, seconds first, days of the week from 0 (Sunday) as crontab numbers them. Quartz numbers them from 1 in its own form, so five fields go through its crontab
/// reader and come out with names.
/// </summary>
internal static class CronText
{
    /// <summary>Reads an expression, in UTC.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static CronExpression Read(string text)
    {
        string[] fields = [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
        if (fields.Length != 6) throw new FormatException("is no cron expression: it has six fields, seconds first, such as 0 0 9 * * MON-FRI");
        var minutes = CronExpression.Parse(string.Join(' ', fields.Skip(1)), CronFormat.Unix).CronExpressionString;
        return new(fields[0] + minutes[minutes.IndexOf(' ', StringComparison.Ordinal)..], TimeZoneInfo.Utc);
    }

    /// <summary>Says why a time by it never comes; <c>null</c> when one does.</summary>
    public static string? Problem(string text)
    {
        try
        {
            return Read(text).GetNextValidTimeAfter(DateTimeOffset.UnixEpoch) is null ? "never comes" : null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
