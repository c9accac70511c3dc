namespace Crm.Wfm.Rules.Solving;

/// <summary>A part of a goal that has to be met by itself.</summary>
/// <param name="Goal">The goal.</param>
/// <param name="Rule">The part of its rule.</param>
internal sealed record Demand(Goal Goal, Expression Rule)
{
    public bool IsMet(in Value facts, Fuel fuel)
    {
        fuel.Spend(Rule.Size);
        var holds = Rule.IsLiteral ? Coercion.Truthy(Rule.Source) : Outcomes.Of(Rule.Rule, in facts, fuel) is { } value && Coercion.Truthy(in value);
        return holds == Goal.Holds;
    }

    /// <summary>Takes a goal apart: where all of several parts have to hold, each has to.</summary>
    public static IEnumerable<Demand> Of(Goal goal)
    {
        var rule = Expression.Of(goal.Rule);
        return goal.Holds ? rule.Conjuncts.Select(part => new Demand(goal, part)) : [new(goal, rule)];
    }
}

/// <summary>What is asked of the solver, made ready.</summary>
internal sealed class Question
{
    private static readonly DateTimeOffset SomeDay = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<Field, Domain> _domains = [];
    private readonly List<Demand> _demands;
    private readonly List<Field> _fields;
    private readonly DateTimeOffset _anchor;

    public Question(IReadOnlyList<Goal> goals, Value facts, IReadOnlyList<Field> fields, Fuel fuel)
    {
        (Facts, Fuel) = (facts, fuel);
        _anchor = Moments.Read(facts["now"].AsText) ?? SomeDay;
        _demands = [.. goals.SelectMany(Demand.Of)];
        _fields = [.. fields.Where(f => f.IsChecked || _demands.Exists(d => d.Rule.Reads(f)))];
    }

    public Value Facts { get; }

    public Fuel Fuel { get; }

    public int IndexOf(Field field) => _fields.IndexOf(field);

    public Domain Domain(Field field) => _domains.TryGetValue(field, out var known) ? known : _domains[field] = new(field, _anchor);

    /// <summary>Finds what a field is; <c>null</c> when it is not there.</summary>
    public Value? Present(Field field) => FactTree.Find(Facts, field.Names);

    /// <summary>Tells whether all goals are met.</summary>
    public bool IsMet(Value facts) => _demands.TrueForAll(d => d.IsMet(in facts, Fuel));

    /// <summary>Finds the boundaries along a field, all others being what they are, and the values that stand for all.</summary>
    public (Boundaries Boundaries, IReadOnlyList<Value?> Values) Look(Field field)
    {
        var survey = new Survey(field, Facts, [], _ => false, Fuel);
        foreach (var demand in _demands.Where(d => d.Rule.Reads(field))) survey.Take(demand.Rule);
        return (survey.Found, Domain(field).Representatives(survey.Found, Present(field), Fuel));
    }

    /// <summary>Makes a change, and notes it where facts tell what is changed.</summary>
    public static Value With(Value facts, Field field, Value? value)
    {
        var changed = FactTree.With(in facts, field.Names, value);
        return field.Names[0] == "entity" && facts["changed"] is { Kind: ValueKind.List } noted
            ? FactTree.With(in changed, ["changed"], Value.From([.. noted.AsList, Value.From(field.Path)]))
            : changed;
    }

    /// <summary>Puts goals together that read the same fields.</summary>
    public IEnumerable<Group> Groups()
    {
        var groups = new List<(HashSet<Demand> Demands, HashSet<Field> Fields)>();
        foreach (var demand in _demands) Join(groups, [demand], [.. _fields.Where(demand.Rule.Reads)]);
        foreach (var field in _fields) Join(groups, [], [field]);
        return groups.Select(g => new Group([.. _demands.Where(g.Demands.Contains)], [.. _fields.Where(g.Fields.Contains)]));
    }

    private static void Join(List<(HashSet<Demand> Demands, HashSet<Field> Fields)> groups, HashSet<Demand> demands, HashSet<Field> fields)
    {
        foreach (var group in groups.Where(g => g.Fields.Overlaps(fields)).ToList())
        {
            groups.Remove(group);
            demands.UnionWith(group.Demands);
            fields.UnionWith(group.Fields);
        }

        groups.Add((demands, fields));
    }
}
