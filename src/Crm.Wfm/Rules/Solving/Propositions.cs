namespace Crm.Wfm.Rules.Solving;

/// <summary>
/// Proves by the shape of rules alone that they cannot do together what is wanted: whatever the comparisons in them come to, the same one comes to the same everywhere. It
/// sees where the search over facts gives up: <c>r and not r</c> is false for any <c>r</c>.
/// </summary>
internal sealed class Propositions(IReadOnlyList<Field> fields, Fuel fuel)
{
    private const int MostCases = 500;

    private readonly Dictionary<Value, Outcome> _assumed = [];
    private int _cases;

    private enum Outcome
    {
        No,
        Yes,
        Error,
        Open,
    }

    /// <summary>Tells whether it is proved that the goals cannot be met together.</summary>
    public bool AreImpossible(IReadOnlyList<Goal> goals)
    {
        var rules = goals.Select(g => (Rule: Expression.Of(g.Rule), g.Holds)).ToList();
        return !IsPossible(rules, rules.Sum(r => r.Rule.Size));
    }

    private bool IsPossible(List<(Expression Rule, bool Holds)> rules, int size)
    {
        fuel.Spend(size);
        if (++_cases > MostCases || fuel.IsSpent) return true;
        Expression? open = null;
        foreach (var (rule, holds) in rules)
        {
            var outcome = See(rule, ref open);
            if (outcome != Outcome.Open && outcome == Outcome.Yes != holds) return false;
        }

        return open is null || Split(open, rules, size);
    }

    private bool Split(Expression open, List<(Expression Rule, bool Holds)> rules, int size)
    {
        foreach (var outcome in IsSafe(open) ? (Outcome[])[Outcome.Yes, Outcome.No] : [Outcome.Yes, Outcome.No, Outcome.Error])
        {
            _assumed[open.Source] = outcome;
            if (IsPossible(rules, size)) return true;
        }

        _assumed.Remove(open.Source);
        return false;
    }

    private Outcome See(Expression part, ref Expression? open)
    {
        if (part.IsLiteral) return Coercion.Truthy(part.Source) ? Outcome.Yes : Outcome.No;
        switch (part.Operator, part.Arguments)
        {
            case ("and", { Count: > 0 }): return Until(part, Outcome.No, ref open);
            case ("or", { Count: > 0 }): return Until(part, Outcome.Yes, ref open);
            case ("!!", [var only]): return See(only, ref open);
            case ("!", [var only]): return Not(See(only, ref open));
            case ("if" or "?:", { Count: > 1 }): return Chosen(part, ref open);
            default:
                if (_assumed.TryGetValue(part.Source, out var known)) return known;
                if (Opposite(part) is { } opposite && _assumed.TryGetValue(opposite, out var other)) return Not(other);
                open ??= part;
                return Outcome.Open;
        }
    }

    private Outcome Until(Expression part, Outcome end, ref Expression? open)
    {
        foreach (var argument in part.Arguments)
        {
            if (See(argument, ref open) is var outcome && (outcome == end || outcome is Outcome.Error or Outcome.Open)) return outcome;
        }

        return end == Outcome.No ? Outcome.Yes : Outcome.No;
    }

    private Outcome Chosen(Expression part, ref Expression? open)
    {
        var i = 0;
        for (; i + 1 < part.Arguments.Count; i += 2)
        {
            var outcome = See(part.Arguments[i], ref open);
            if (outcome == Outcome.Yes) return See(part.Arguments[i + 1], ref open);
            if (outcome != Outcome.No) return outcome;
        }

        return i < part.Arguments.Count ? See(part.Arguments[i], ref open) : Outcome.No;
    }

    private static Outcome Not(Outcome outcome) => outcome switch { Outcome.Yes => Outcome.No, Outcome.No => Outcome.Yes, _ => outcome };

    /// <summary>Writes a comparison that holds where this one does not, and errs where it does.</summary>
    private Value? Opposite(Expression part)
    {
        if (part.Arguments.Count != 2) return null;
        var name = part.Operator switch { "===" => "!==", "!==" => "===", "==" => "!=", "!=" => "==", "<" => ">=", ">=" => "<", ">" => "<=", "<=" => ">", _ => null };
        // Of null and a text neither of two opposite orders may hold.
        if (name is null || (name[0] is '<' or '>' && !part.Arguments.All(a => IsWithin(a, Kinds.Numeric)))) return null;
        return Value.From(new FactObjectBuilder { [name] = part.Source.AsObject!.Slots[0] }.Build());
    }

    /// <summary>Tells whether a part never ends in an error, whatever the facts: a comparison of numbers and texts might.</summary>
    private bool IsSafe(Expression part) => part.IsLiteral || part.Operator switch
    {
        "var" => part.Arguments.Count == 1 && part.Arguments[0].Source.AsText is not null,
        "===" or "!==" or "missing" or "exists" => part.Arguments.All(IsSafe),
        "in" => part.Arguments.Count == 2 && part.Arguments.All(IsSafe),
        "==" or "!=" or "<" or "<=" or ">" or ">=" => part.Arguments.All(a => IsWithin(a, Kinds.Numeric)) || part.Arguments.All(a => IsWithin(a, Kinds.Textual)),
        "substr" => IsWithin(part, Kinds.Textual),
        _ => false,
    };

    private bool IsWithin(Expression part, Kinds kinds)
    {
        if (part.IsLiteral) return part.Source.Kind switch { ValueKind.Null => true, ValueKind.Text => kinds == Kinds.Textual, ValueKind.Number or ValueKind.Boolean => kinds == Kinds.Numeric, _ => false };
        if (part is { Operator: "substr", Arguments: [var text, { IsLiteral: true }, ..] } && part.Arguments.Skip(1).All(a => a.IsLiteral && a.Source.Kind == ValueKind.Number)) return kinds == Kinds.Textual && IsSafe(text) && IsWithin(text, kinds);
        if (part is not { Operator: "var", Arguments: [{ Source.AsText: { } path }] } || fields.FirstOrDefault(f => f.Path == path)?.Schema is not { } schema) return false;
        var types = SchemaHints.Of(schema).Types;
        return types.Count > 0 && types.All(t => t == "null" || (kinds == Kinds.Textual ? t == "string" : t is "number" or "integer" or "boolean"));
    }

    private enum Kinds
    {
        Numeric,
        Textual,
    }
}
