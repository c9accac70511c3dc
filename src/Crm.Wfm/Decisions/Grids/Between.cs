using System.Globalization;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions.Grids;

/// <summary>Proposes values between two others, the ones people would name first. Some may lie outside: who asks looks.</summary>
internal static class Between
{
    private const double Step = 1;

    private static readonly string[] Usual =
    [
        "other", "2026-01-01", "2026-01-01T12:00:00.000Z", "12:00:00Z", "P1D", "somebody@example.com", "https://example.com/", "018f4e2a-7c31-7000-8000-000000000000", "/other",
        "x", "XX", "otherwise", "", "something else",
    ];

    /// <summary>Numbers beyond one and below another; <c>null</c> where there is none. The last of them exists wherever any does.</summary>
    public static IEnumerable<double> Numbers(double? low, double? high)
    {
        if (low is null && high is null) return [0, Step];
        if (low is null) return [Math.Ceiling(high!.Value) - Step, high.Value - Step, double.BitDecrement(high.Value)];
        if (high is null) return [Math.Floor(low.Value) + Step, low.Value + Step, double.BitIncrement(low.Value)];
        var middle = low.Value / 2 + high.Value / 2;
        return Enumerable.Range(0, 16).Select(digits => Math.Round(middle, digits)).Prepend(Math.Floor(low.Value) + Step).Append(middle).Append(double.BitIncrement(low.Value))
            .Where(number => number > low && number < high);
    }

    /// <summary>Texts after one and before another, by their code units; <c>null</c> where there is none.</summary>
    public static IEnumerable<string> Texts(string? low, string? high) =>
        [.. Times(low, 1), .. Times(high, -1), .. Usual, low + " ", low + "x", low + "xxxxxxxx", low + "\u0001", low + "\0"];

    private static IEnumerable<string> Times(string? text, int days)
    {
        if (text is null) return [];
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date > DateOnly.MinValue && date < DateOnly.MaxValue ? [Date(date.AddDays(days)), text + "T12:00:00.000Z", Date(date.AddDays(days)) + "T12:00:00.000Z"] : [];
        }

        if (FactTime.Read(text) is not { } time || time.Year is < 2 or > 9998) return [];
        return [FactTime.Text(time.AddDays(days)), FactTime.Text(time.AddMinutes(days)), FactTime.Text(time.AddMilliseconds(days))];
    }

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
