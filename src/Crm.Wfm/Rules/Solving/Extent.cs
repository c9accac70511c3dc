using System.Globalization;

namespace Crm.Wfm.Rules.Solving;

/// <summary>How far one changed field may go, the other changes being made, before the answer is another one.</summary>
/// <param name="Words">Which values work, said simply (<c>at most 0.15</c>); <c>null</c> where it cannot be said so.</param>
/// <param name="IsFree">Whether any value works: the one that was found is as good as every other.</param>
internal sealed record Extent(string? Words, bool IsFree)
{
    private const string Anything = "anything but empty";
    private const int MostListed = 10;

    /// <summary>Looks how far a change that was found may go.</summary>
    /// <param name="goals">The rules and what is wanted of them.</param>
    /// <param name="found">The changes.</param>
    /// <param name="change">One of them.</param>
    /// <param name="fuel">What it may spend.</param>
    public static Extent Of(IReadOnlyList<Goal> goals, Solution.Found found, Change change, Fuel fuel)
    {
        var question = new Question(goals, found.Facts, [change.Field], fuel);
        var (boundaries, values) = question.Look(change.Field);
        var domain = question.Domain(change.Field);
        var tried = values.Prepend(change.To).OfType<Value>().Where(v => !IsEmpty(v))
            .Select(v => (Value: v, Works: question.IsMet(Question.With(found.Facts, change.Field, v)))).ToList();
        if (fuel.IsSpent || tried.Count == 0) return new(null, false);
        // Where any value does, a new one is the user's to know; one that is wrong is best corrected to what lies nearest.
        var isFree = change.From is not { } from || IsEmpty(from) || domain.IsMadeUp(tried[0].Value, boundaries);
        if ((tried.Count > 1 || change.To is { Kind: ValueKind.List }) && tried.TrueForAll(t => t.Works) && domain.Gap(boundaries, fuel) is null) return new(Anything, isFree);
        if (domain.IsFinite && !tried.TrueForAll(t => t.Value.Kind == ValueKind.Number)) return Among(tried);
        return change.To switch
        {
            { Kind: ValueKind.Number } => new(Between(tried, v => v.Kind == ValueKind.Number ? v.AsNumber : null, n => EcmaNumber.Write(n, stackalloc char[EcmaNumber.MaxLength]).ToString(), "at least", "at most"), false),
            { AsText: { } text } when Moments.Read(text) is not null => new(Between(tried, Day, DayText, "not before", "not after"), false),
            { Kind: ValueKind.Text } when boundaries.Shapes.Count == 0 && domain.Gap(boundaries, fuel) is null => OfTexts(tried, v => domain.IsMadeUp(v, boundaries)),
            _ => new(null, false),
        };
    }

    private static bool IsEmpty(Value value) => value is { IsNull: true } or { AsText: "" } or { Kind: ValueKind.List, AsList.Length: 0 };

    private static Extent Among(List<(Value Value, bool Works)> tried)
    {
        var works = tried.Where(t => t.Works).Select(t => t.Value.AsText ?? t.Value.ToString()).Order(StringComparer.Ordinal).ToList();
        return works switch
        {
            [var only] => new(only, false),
            { Count: <= MostListed } => new("one of " + string.Join(", ", works), false),
            _ => new(null, false),
        };
    }

    private static Extent OfTexts(List<(Value Value, bool Works)> tried, Predicate<Value> isMadeUp)
    {
        var texts = tried.Where(t => t.Value.Kind == ValueKind.Text).ToList();
        var isOpen = texts.Exists(t => t.Works && isMadeUp(t.Value));
        var listed = texts.Where(t => t.Works != isOpen).Select(t => t.Value.AsText!).ToList();
        if (listed.Count is 0 or > MostListed) return new(null, false);
        var names = string.Join(", ", listed);
        return isOpen ? new($"{Anything}: not {names}", true) : new(listed.Count == 1 ? names : "one of " + names, false);
    }

    /// <summary>Says the stretch around the first value, when all that works lies in it.</summary>
    private static string? Between(List<(Value Value, bool Works)> tried, Func<Value, double?> measure, Func<double, string> show, string least, string most)
    {
        var line = tried.Select(t => (At: measure(t.Value), t.Works)).Where(t => t.At is not null).GroupBy(t => t.At!.Value, (at, all) => (At: at, Works: all.All(t => t.Works))).OrderBy(t => t.At).ToList();
        var (first, last) = (line.FindIndex(t => t.Works), line.FindLastIndex(t => t.Works));
        if (first < 0 || line.FindIndex(first, last - first, t => !t.Works) >= 0 || (first == 0 && last == line.Count - 1)) return null;
        if (first == last && first > 0 && last < line.Count - 1) return "exactly " + show(line[first].At);
        var low = first == 0 ? null : Edge(line[first].At, line[first - 1].At, show) is var (at, isOpen) ? (isOpen ? least == "at least" ? "more than " : "after " : least + " ") + at : null;
        var high = last == line.Count - 1 ? null : Edge(line[last].At, line[last + 1].At, show) is var (to, isOpenHigh) ? (isOpenHigh ? most == "at most" ? "less than " : "before " : most + " ") + to : null;
        return string.Join(" and ", new[] { low, high }.OfType<string>());
    }

    /// <summary>Of the last value that works and the first that does not, takes the rounder one for the boundary.</summary>
    private static (string At, bool IsOpen) Edge(double works, double fails, Func<double, string> show)
    {
        var (a, b) = (show(works), show(fails));
        return Math.Abs(works - fails) <= 1e-9 * Math.Max(1, Math.Abs(works)) && b.Length < a.Length ? (b, true) : (a, false);
    }

    private static double? Day(Value value) => Moments.Read(value.AsText) is { } time ? time.UtcTicks / (double)TimeSpan.TicksPerMillisecond : null;

    private static string DayText(double milliseconds)
    {
        var time = new DateTimeOffset((long)milliseconds * TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
        return time.TimeOfDay == TimeSpan.Zero ? Moments.Date(time) : time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
    }
}
