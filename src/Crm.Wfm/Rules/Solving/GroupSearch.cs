namespace Crm.Wfm.Rules.Solving;

/// <summary>Goals that have fields in common, and these fields: they are solved together, and apart from all others.</summary>
/// <param name="Demands">The goals.</param>
/// <param name="Fields">The fields they read, in the order in which they had better be changed.</param>
internal sealed record Group(IReadOnlyList<Demand> Demands, IReadOnlyList<Field> Fields);

/// <summary>Searches the changes of one group.</summary>
internal sealed class GroupSearch(Question question, Group group)
{
    private const string TooLong = "it would take too long";
    private const int MostParts = 3000;

    private readonly Fuel _fuel = question.Fuel;
    private string? _gap;

    public Solution Search()
    {
        if (group.Demands.Any(d => d.Rule.Size > MostParts)) return new Solution.Unknown("a rule is too large");
        var failing = group.Demands.Where(d => !d.IsMet(question.Facts, _fuel)).ToList();
        var forced = group.Fields.Where(f => f.IsChecked && !question.Domain(f).Allows(question.Present(f), _fuel)).ToHashSet();
        if (failing.Count == 0 && forced.Count == 0) return new Solution.Found([], true, question.Facts);
        if (failing.Find(d => !group.Fields.Any(d.Rule.Reads)) is { } hopeless) return new Solution.None([hopeless.Goal]);
        var others = group.Fields.Where(f => !forced.Contains(f)).ToList();
        for (var size = forced.Count == 0 ? 1 : 0; size <= others.Count; size++)
        {
            var isSmallest = _gap is null;
            foreach (var more in Sets(others, size, 0))
            {
                if (_fuel.IsSpent) return new Solution.Unknown(TooLong);
                _fuel.Spend(1 + failing.Count);
                List<Field> chosen = [.. group.Fields.Where(f => forced.Contains(f) || more.Contains(f))];
                if (failing.TrueForAll(d => chosen.Exists(d.Rule.Reads)) && Try(chosen) is { } changes) return new Solution.Found(changes, isSmallest, question.Facts);
            }
        }

        if (_fuel.IsSpent) return new Solution.Unknown(TooLong);
        return _gap is null ? new Solution.None([.. group.Demands.Select(d => d.Goal).Distinct()]) : new Solution.Unknown(_gap);
    }

    private List<Change>? Try(List<Field> chosen)
    {
        var search = new SetSearch(question, group, chosen);
        var found = search.Search();
        _gap ??= search.Gap;
        return found;
    }

    private static IEnumerable<List<Field>> Sets(List<Field> fields, int size, int from)
    {
        if (size == 0)
        {
            yield return [];
            yield break;
        }

        for (var i = from; i + size <= fields.Count; i++)
        {
            foreach (var rest in Sets(fields, size - 1, i + 1)) yield return [fields[i], .. rest];
        }
    }
}

/// <summary>
/// Searches values for a set of fields that all change. In whatever order fields depend on each other, each is chosen after those it depends on in one of the orders
/// that are tried, and then its boundaries are known.
/// </summary>
internal sealed class SetSearch(Question question, Group group, List<Field> chosen)
{
    private readonly HashSet<string> _seen = [];
    private readonly Dictionary<Field, Value?> _values = [];

    /// <summary>Gets why it is not certain that there is nothing, when nothing was found; <c>null</c> when it is.</summary>
    public string? Gap { get; private set; }

    public List<Change>? Search() => Choose(question.Facts)
        ? [.. chosen.Select(f => new Change(f, question.Present(f), _values[f]))]
        : null;

    private bool Choose(Value facts)
    {
        if (_values.Count == chosen.Count) return true;
        foreach (var next in chosen.Where(f => !_values.ContainsKey(f)).ToList())
        {
            if (Choose(next, facts)) return true;
            if (question.Fuel.IsSpent) return false;
        }

        return false;
    }

    private bool Choose(Field next, Value facts)
    {
        var pending = chosen.Where(f => f != next && !_values.ContainsKey(f)).ToList();
        var survey = new Survey(next, facts, pending, f => question.Domain(f).IsFinite, question.Fuel);
        var concerned = group.Demands.Where(d => d.Rule.Reads(next)).ToList();
        foreach (var demand in concerned) survey.Take(demand.Rule);
        if (question.Fuel.IsSpent) return false;
        Gap ??= question.Domain(next).Gap(survey.Found, question.Fuel);
        var decided = concerned.Where(d => !pending.Exists(d.Rule.Reads)).ToList();
        foreach (var value in question.Domain(next).Representatives(survey.Found, question.Present(next), question.Fuel))
        {
            _values[next] = value;
            if (IsNew() && Question.With(facts, next, value) is var changed && decided.TrueForAll(d => d.IsMet(changed, question.Fuel)) && Choose(changed)) return true;
            _values.Remove(next);
            if (question.Fuel.IsSpent) return false;
        }

        return false;
    }

    private bool IsNew() => chosen.Count == 1
        || _seen.Add(string.Join('\n', chosen.Select(f => _values.TryGetValue(f, out var value) ? value is { } v ? v.Kind + v.ToString() : "-" : "")));
}
