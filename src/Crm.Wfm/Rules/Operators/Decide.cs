using Crm.Wfm.Decisions;

namespace Crm.Wfm.Rules.Operators;

/// <summary><c>decide</c>: an output of a decision over the rule's own data, wherever it stands.</summary>
internal sealed class Decide : Term
{
    private readonly Decision _decision;
    private readonly int _slot;
    private readonly FactPath[] _paths;

    private Decide(Decision decision, int slot)
    {
        (_decision, _slot) = (decision, slot);
        _paths = [.. decision.Variables.Select(name => FactPath.Dotted(Value.From(name))!)];
    }

    public override Reading Reading => new(_paths, Levels: -1, _decision.ReadsComputed);

    public static Term Of(Call call)
    {
        if (call[0].Constant?.AsText is not { } key || (call.Count > 1 && call[1].Constant is not { Kind: ValueKind.Text }))
            return Failing.Arguments("'decide' takes the key of a decision, and of one of its outputs where it has several; both have to stand in the rule.");
        if (call.Decisions is not { } find) return Unknown("There are no decisions here.");
        var (decision, problem) = find(key);
        if (decision is null) return (Term?)problem ?? Literal.Null;
        var names = string.Join(", ", decision.Outputs.Select(o => o.Key));
        if (call.Count == 1 && decision.Outputs.Count > 1) return Unknown($"The decision {key} has several outputs; name one of {names}.");
        var output = call.Count > 1 ? call[1].Constant!.Value.AsText! : decision.Outputs[0].Key;
        return decision.SlotOf(output) is >= 0 and var slot
            ? new Decide(decision, slot)
            : Unknown($"The decision {key} has no output '{output}'{Closest.Hint(output, decision.Outputs.Select(o => o.Key))} (it has {names}).");
    }

    public override Value Evaluate(in Scope scope)
    {
        var facts = new Scope(in scope.Root, ref scope.Run);
        if (scope.Run.Recording is not { } recording) return _decision.Evaluate(in facts, _slot);
        Record(recording, in scope.Root);
        scope.Run.Recording = null;
        try
        {
            return _decision.Evaluate(in facts, _slot);
        }
        finally
        {
            scope.Run.Recording = recording;
        }
    }

    /// <summary>Keeps the inputs and the rows that hit in place of arguments.</summary>
    private void Record(List<Trace> recording, in Value facts)
    {
        var trace = _decision.Explain(in facts);
        recording.AddRange(trace.Inputs.Select(input => new Trace("input", Value.From(input.Key), [], input.Value, Value.Null)));
        recording.AddRange(trace.Hits.Select(row => new Trace("row", Value.From(row), [], Value.True, Value.Null)));
    }

    private static Failing Unknown(string message) => new("unknown-decision", message, RuleErrors.WrongArguments);
}
