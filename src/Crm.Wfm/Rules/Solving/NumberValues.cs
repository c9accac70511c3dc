using System.Globalization;

namespace Crm.Wfm.Rules.Solving;

/// <summary>Numbers that stand for all others: the boundaries, what lies next to them, and one between each two.</summary>
internal sealed class NumberValues(SchemaHints hints, Candidates all)
{
    public void Add(Boundaries found, Value? present)
    {
        // Where nothing is compared, a number has to come from somewhere.
        var numbers = found.Numbers.Concat(hints.Numbers).DefaultIfEmpty(1).Append(0).Distinct().Order().ToList();
        foreach (var number in numbers)
        {
            if (hints.Step > 0) AddSteps(number);
            else AddNear(number);
        }

        if (hints.Step > 0) return;
        for (var i = 1; i < numbers.Count; i++)
        {
            if (Roundest(numbers[i - 1], numbers[i]) is { } between) all.Add(Value.From(between), Candidates.Plain + 1);
        }
    }

    /// <summary>Finds the number with the fewest digits between two others; <c>null</c> when there is none.</summary>
    public static double? Roundest(double low, double high)
    {
        var middle = low / 2 + high / 2;
        for (var digits = 0; digits <= 15; digits++)
        {
            if (Math.Round(middle, digits) is var round && round > low && round < high) return round;
        }

        return middle > low && middle < high ? middle : null;
    }

    private void AddSteps(double number)
    {
        var step = Math.Floor(number / hints.Step);
        foreach (var i in (int[])[0, 1, -1, 2]) all.Add(Value.From(Multiple(step + i, hints.Step)), Candidates.Plain);
    }

    /// <summary>Multiplies as one would on paper: 15 steps of 0.01 are 0.15.</summary>
    private static double Multiple(double times, double step) =>
        Math.Abs(times) < 1e12 && step is > 1e-12 and < 1e12 ? (double)((decimal)times * (decimal)step) : times * step;

    private void AddNear(double number)
    {
        var digits = Digits(number);
        var unit = Math.Pow(10, -digits);
        all.AddRange([Value.From(number), Value.From(Math.Round(number + unit, digits)), Value.From(Math.Round(number - unit, digits))], all.IsRound(number) ? Candidates.Plain : Candidates.Plain + 1);
        // Two apart from each other: where roots were computed, the first may not be beyond the boundary yet.
        var (above, below) = (Math.BitIncrement(number), Math.BitDecrement(number));
        all.AddRange([Value.From(above), Value.From(below), Value.From(Math.BitIncrement(above)), Value.From(Math.BitDecrement(below))], Candidates.Odd);
    }

    /// <summary>Counts the digits after the point.</summary>
    public static int Digits(double number)
    {
        var text = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return point < 0 || text.Contains('E', StringComparison.Ordinal) ? 0 : Math.Min(text.Length - point - 1, 15);
    }
}
