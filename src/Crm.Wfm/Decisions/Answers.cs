using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions;

/// <summary>What a row gives: a value for each output, which stands there or is computed.</summary>
internal sealed class Answers
{
    private readonly Shape _shape;
    private readonly Value[] _values;
    private readonly Rule?[] _rules;
    private readonly Value _constant;

    /// <param name="shape">The outputs' keys.</param>
    /// <param name="values">The values, in the shape's order; kept.</param>
    /// <param name="rules">The rules in place of values; kept.</param>
    public Answers(Shape shape, Value[] values, Rule?[] rules)
    {
        (_shape, _values, _rules) = (shape, values, rules);
        IsConstant = Array.TrueForAll(rules, rule => rule is null);
        _constant = Value.From(new FactObject(shape, values));
    }

    /// <summary>Gets whether nothing has to be computed.</summary>
    public bool IsConstant { get; }

    /// <summary>Gives one output, by its slot.</summary>
    public Value One(int slot, in Question question, ref Value data)
    {
        if (_rules[slot] is not { } rule) return _values[slot];
        if (data.IsNull) data = question.WithInputs();
        return rule.Evaluate(new Scope(in data, ref question.Run));
    }

    /// <summary>Gives all outputs as an object.</summary>
    public Value All(in Question question, ref Value data)
    {
        if (IsConstant) return _constant;
        var values = new Value[_values.Length];
        for (var slot = 0; slot < values.Length; slot++) values[slot] = One(slot, in question, ref data);
        return Run.Made(Value.From(new FactObject(_shape, values)));
    }

    /// <summary>Gives an output that stands in the row; null for one that is computed.</summary>
    public Value Constant(int slot) => _values[slot];

    public bool IsComputed(int slot) => _rules[slot] is not null;

    public bool IsSame(Answers other) => IsConstant && other.IsConstant && _constant == other._constant;
}
