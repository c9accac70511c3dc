using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;

namespace Crm.Wfm.Tests.Rules.Solving;

/// <summary>Tries values by the hundred, knowing nothing of what the rule says but the constants in it.</summary>
internal sealed class BruteForce
{
    private static readonly int[] Most = [0, 1000, 2000, 500, 500];

    private readonly Puzzle _puzzle;
    private readonly Random _random;
    private readonly Dictionary<Field, Value?[]> _grid;

    public BruteForce(Puzzle puzzle, int seed)
    {
        (_puzzle, _random) = (puzzle, new Random(seed));
        var present = puzzle.Rule.Variables.SelectMany(path => FactTree.Find(puzzle.Facts, path.Split('.')) is { } value ? Constants(value) : []);
        var constants = Constants(puzzle.Rule.Source).Concat(present).Distinct().ToList();
        Value[] anything = [.. Numbers(constants), .. Times(constants), .. Texts(constants), Value.True, Value.False, .. Lists(), Value.From(FactObject.Empty)];
        _grid = puzzle.Fields.ToDictionary(f => f, f => Allowed(f, anything));
    }

    /// <summary>Finds a change of so many fields at most; <c>null</c> when none was found.</summary>
    public string? Find(int most)
    {
        for (var size = 1; size <= Math.Min(most, 4); size++)
        {
            foreach (var fields in Sets(size, 0).Where(s => s.Exists(f => _puzzle.Rule.Variables.Contains(f.Path))))
            {
                if (Find(fields) is { } found) return found;
            }
        }

        return null;
    }

    private string? Find(List<Field> fields)
    {
        var all = fields.Aggregate(1L, (product, f) => product * _grid[f].Length);
        for (var i = 0L; i < Math.Min(all, Most[fields.Count]); i++)
        {
            // Where there are too many, some by chance.
            var number = all <= Most[fields.Count] ? i : _random.NextInt64(all);
            var facts = _puzzle.Facts;
            foreach (var field in fields)
            {
                facts = FactTree.With(in facts, field.Names, _grid[field][number % _grid[field].Length]);
                number /= _grid[field].Length;
            }

            if (_puzzle.Rule.Holds(facts) == _puzzle.Goal.Holds) return facts.ToString();
        }

        return null;
    }

    private IEnumerable<List<Field>> Sets(int size, int from)
    {
        if (size == 0) yield return [];
        else
        {
            for (var i = from; i + size <= _puzzle.Fields.Count; i++)
            {
                foreach (var rest in Sets(size - 1, i + 1)) yield return [_puzzle.Fields[i], .. rest];
            }
        }
    }

    private static Value?[] Allowed(Field field, Value[] anything)
    {
        IEnumerable<Value?> values = anything.Distinct().Where(v => field.Schema?.Validate(v).Count is null or 0).Select(v => (Value?)v);
        if (field.Empty.HasFlag(Emptiness.Null)) values = values.Append(Value.Null);
        if (field.Empty.HasFlag(Emptiness.Absent)) values = values.Append(null);
        return [.. values.Distinct()];
    }

    private static IEnumerable<Value> Constants(Value source) =>
        source.AsObject is { } members ? members.SelectMany(m => Constants(m.Value)) : source.Kind == ValueKind.List ? source.AsList.ToArray().SelectMany(Constants) : [source];

    private static IEnumerable<Value> Numbers(List<Value> constants)
    {
        var numbers = constants.Where(c => c.Kind == ValueKind.Number).Select(c => c.AsNumber).Append(0).Append(10).Distinct().ToList();
        var computed = numbers.SelectMany(a => numbers.SelectMany(b => (double[])[a + b, a - b, a * b, b == 0 ? 0 : a / b])).Where(n => Math.Abs(n) < 500);
        return numbers.SelectMany(n => (double[])[n, n + 0.001, n - 0.001, n + 0.01, n - 0.01, n + 0.05, n - 0.05, n + 1, n - 1, n + 5, n - 5])
            .Concat(computed.SelectMany(n => (double[])[n, n + 1, n - 1])).Select(n => Value.From(Math.Round(n, 6)));
    }

    private static IEnumerable<Value> Times(List<Value> constants)
    {
        var days = constants.Select(c => Moments.Read(c.AsText)).OfType<DateTimeOffset>().SelectMany(t => Enumerable.Range(-6, 13), (t, d) => t.AddDays(d)).Distinct();
        return days.SelectMany(d => (Value[])[Value.From(Moments.Date(d)), Value.From(d), Value.From(d.AddMinutes(1)), Value.From(d.AddMinutes(-1))]);
    }

    private static IEnumerable<Value> Texts(List<Value> constants) => constants.Select(c => c.AsText).OfType<string>().Where(t => t.Length < 10)
        .SelectMany(t => (string[])[t, t + "x", t + "1", "x" + t, t.ToUpperInvariant(), t + "~", t.Length > 0 ? t[..^1] : "q"])
        .Concat(["", "0", "1", "7", "11", "100", "-4", "z", "A", "zz", "q@r.s", "ab c"]).Select(Value.From);

    private static IEnumerable<Value> Lists()
    {
        foreach (var items in (string[][])[[], ["a"], ["b"], ["c"], ["a", "b"], ["a", "c"], ["b", "c"], ["a", "b", "c"], ["small"], ["x"], ["a", "x"], ["small", "x", "a"]])
        {
            yield return Value.From([.. items.Select(Value.From)]);
        }
    }
}
