using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions;

/// <summary>What a decision is asked with: facts its inputs are computed from, and inputs somebody gave in their place.</summary>
internal readonly ref struct Question(IReadOnlyList<DecisionInput> inputs, Scope facts, FactObject? given)
{
    /// <summary>Where rules in cells and outputs find the inputs.</summary>
    public const string Root = "inputs";

    private readonly Scope _facts = facts;

    public ref Run Run => ref _facts.Run;

    public string Key(int input) => inputs[input].Key;

    public Value Input(int input)
    {
        var asked = inputs[input];
        if (given is not null && given.Has(asked.Key)) return given[asked.Key];
        return asked.Value is { } rule ? rule.Evaluate(in _facts) : Value.Null;
    }

    public FactObject Inputs()
    {
        var values = new FactObjectBuilder();
        for (var i = 0; i < inputs.Count; i++) values[inputs[i].Key] = Input(i);
        return values.Build();
    }

    /// <summary>What rules in cells and outputs see: the facts, and all inputs. Made when the first of them asks.</summary>
    public Value WithInputs() => Value.From((_facts.Root.AsObject ?? FactObject.Empty).With(Root, Value.From(Inputs())));

    /// <summary>Asks another table with the same facts.</summary>
    public Question With(IReadOnlyList<DecisionInput> others, FactObject values) => new(others, _facts, values);

    /// <summary>Ends the evaluation: what was asked has no answer.</summary>
    public static Thrown Unanswered(string message) =>
        new(Value.From(new FactObjectBuilder { ["type"] = Value.From(RuleErrors.Decision), ["message"] = Value.From(message) }.Build()));
}
