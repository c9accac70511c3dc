namespace Crm.Wfm.Rules.Solving;

/// <summary>The values a field may have, and those of them that stand for all others.</summary>
internal sealed class Domain
{
    private readonly Field _field;
    private readonly SchemaHints _hints;
    private readonly DateTimeOffset _anchor;

    /// <param name="field">The field.</param>
    /// <param name="anchor">The time near which to look for times.</param>
    public Domain(Field field, DateTimeOffset anchor) => (_field, _hints, _anchor) = (field, SchemaHints.Of(field.Schema), anchor);

    /// <summary>Gets whether every value is tried anyway.</summary>
    public bool IsFinite => _hints.All is not null;

    /// <summary>Tells whether the field may have a value; <c>null</c> stands for not being there.</summary>
    /// <param name="value">The value.</param>
    /// <param name="fuel">What it may spend.</param>
    public bool Allows(Value? value, Fuel fuel)
    {
        if (value is null) return _field.Empty.HasFlag(Emptiness.Absent);
        if (value is { IsNull: true } && _field.Empty.HasFlag(Emptiness.Null)) return true;
        return _field.Schema is not { } schema || fuel.Allows(schema, value.Value);
    }

    /// <summary>
    /// Gives values that stand for all others, those first that are best to propose: near to the present one, round, given as examples; made-up ones and
    /// none at all come last.
    /// </summary>
    /// <param name="found">The boundaries along the field.</param>
    /// <param name="present">The value it has.</param>
    /// <param name="fuel">What it may spend.</param>
    public IReadOnlyList<Value?> Representatives(Boundaries found, Value? present, Fuel fuel)
    {
        var all = new Candidates(present);
        foreach (var example in _hints.Examples) all.Add(example, Candidates.Example);
        foreach (var value in _hints.All ?? _hints.Members) all.Add(value, Candidates.Plain);
        if (!IsFinite) AddKinds(all, found, present, fuel);
        if (_field.Empty.HasFlag(Emptiness.Null) || _hints.Types.Contains("null")) all.Add(Value.Null, Candidates.Empty);
        if (_field.Empty.HasFlag(Emptiness.Absent)) all.Add(null, Candidates.Empty);
        fuel.Spend(all.Count);
        return [.. all.InOrder().Where(v => v != present && Allows(v, fuel))];
    }

    /// <summary>Tells whether a value was made up: it says that there is one, not which.</summary>
    public bool IsMadeUp(in Value value, Boundaries found) =>
        value.AsText is { } text && !found.Values.Contains(value) && !_hints.Examples.Contains(value) && !IsFinite && Moments.Read(text) is null;

    /// <summary>Says what keeps the representatives from standing for all values; <c>null</c> when nothing does.</summary>
    public string? Gap(Boundaries found, Fuel fuel)
    {
        if (IsFinite) return null;
        if (found.Unclear is { } unclear) return unclear;
        if (_hints.Patterns.Count > 0 && Representatives(new(), null, fuel).Count(v => v?.AsText is { Length: > 0 }) < 2) return "a pattern for which no text was found";
        var shapes = found.Shapes.Count(s => s.Shape is not TextShape.Within || _hints.Types.Contains("string"));
        if (shapes > 1 || (shapes == 1 && (_hints.ShapesText || _hints.MaxLength is not null))) return "a text looked at in several ways";
        if (found.IsOrdered && _hints.ShapesText && found.Values.Any(v => v.Kind == ValueKind.Text)) return "an order of texts that have a form";
        return found.Members.Count > ListValues.MostCombined ? "a list searched for many items" : null;
    }

    private void AddKinds(Candidates all, Boundaries found, Value? present, Fuel fuel)
    {
        foreach (var value in found.Values) all.Add(value, Candidates.Plain);
        if (_hints.Has("number") || _hints.Has("integer")) new NumberValues(_hints, all).Add(found, present);
        if (_hints.Has("boolean")) all.AddRange([Value.True, Value.False], Candidates.Plain);
        if (_hints.Has("string")) new TextValues(_hints, all, _anchor).Add(found, present);
        if (_hints.Has("array")) new ListValues(_hints, all, fuel).Add(found, present);
        if (_hints.Has("object")) all.Add(Value.From(FactObject.Empty), Candidates.MadeUp);
    }
}

/// <summary>Values to try, each once, with how good they are to propose.</summary>
internal sealed class Candidates(Value? present)
{
    public const int Example = 0;
    public const int Plain = 1;
    public const int Odd = 5;
    public const int MadeUp = 6;
    public const int Empty = 8;

    private readonly Dictionary<Value, (int Rank, double Distance)> _ranks = [];
    private readonly List<Value> _values = [];
    private bool _hasAbsence;

    public int Count => _values.Count;

    public void Add(Value? candidate, int rank)
    {
        if (candidate is not { } value) _hasAbsence = true;
        else if (!_ranks.TryGetValue(value, out var known)) Keep(value, rank);
        else if (rank < known.Rank) _ranks[value] = (rank, known.Distance);
    }

    public void AddRange(IEnumerable<Value> values, int rank)
    {
        foreach (var value in values) Add(value, rank);
    }

    public IEnumerable<Value?> InOrder()
    {
        var values = _values.OrderBy(v => _ranks[v].Rank).ThenBy(v => _ranks[v].Distance).Select(v => (Value?)v);
        return _hasAbsence ? values.Append(null) : values;
    }

    private void Keep(Value value, int rank)
    {
        _values.Add(value);
        _ranks[value] = (rank, Distance(value));
    }

    /// <summary>Tells whether a number has no more digits after the point than the present one, two at least.</summary>
    public bool IsRound(double number) => NumberValues.Digits(number) <= Math.Max(2, present is { Kind: ValueKind.Number, AsNumber: var from } ? NumberValues.Digits(from) : 0);

    private double Distance(Value value)
    {
        if (present is not { } from) return 0;
        if (from.Kind == ValueKind.Number && value.Kind == ValueKind.Number) return Math.Abs(value.AsNumber - from.AsNumber);
        if (Moments.Read(from.AsText) is { } a && Moments.Read(value.AsText) is { } b) return Math.Abs((a - b).TotalDays);
        return 0;
    }
}
