using Crm.Wfm.Bundles;
using Crm.Wfm.Decisions.Cells;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions.Reading;

/// <summary>Reads what rows ask and what they give.</summary>
internal sealed class RowReader(BundleDraft draft, IReadOnlyList<DecisionInput> inputs, IReadOnlyList<DecisionOutput> outputs)
{
    private readonly CellReader[] _cells = [.. inputs.Select(input => new CellReader(draft, input.Schema))];
    private readonly Dictionary<string, int> _inputs = inputs.Index().DistinctBy(input => input.Item.Key).ToDictionary(input => input.Item.Key, input => input.Index, StringComparer.Ordinal);
    private readonly Shape _shape = Shape.Of(outputs.Select(output => output.Key).Distinct());

    /// <summary>Gets the keys of the outputs.</summary>
    public Shape Shape => _shape;

    /// <summary>Reads the cells of a row, one per input.</summary>
    public Cell[] Cells(Member when)
    {
        var cells = new Cell[inputs.Count];
        Array.Fill(cells, Anything.Instance);
        foreach (var cell in when.Members())
        {
            if (_inputs.TryGetValue(cell.Name, out var input)) cells[input] = _cells[input].Read(cell);
            else draft.Refuse(cell, "unknown-input", $"there is no input '{cell.Name}'{draft.Hint(cell.Name, _inputs.Keys)}");
        }

        return cells;
    }

    /// <summary>Reads a cell of the only input.</summary>
    public Cell[] Cell(Member cell) => [_cells[0].Read(cell)];

    /// <summary>Reads what a row gives.</summary>
    public Answers Answers(Member then)
    {
        var (values, rules) = (new Value[_shape.Names.Length], new Rule?[_shape.Names.Length]);
        foreach (var foreign in then.Members().Where(member => _shape.IndexOf(member.Name) < 0))
            draft.Refuse(foreign, "unknown-output", $"there is no output '{foreign.Name}'{draft.Hint(foreign.Name, _shape.Names.ToArray())}");
        foreach (var output in outputs)
        {
            var (slot, given) = (_shape.IndexOf(output.Key), then[output.Key]);
            if (given.Value.AsObject is null) values[slot] = Literal(output, then, given);
            else if (given.Value.AsObject is { Count: 1 } && given.Has("rule")) rules[slot] = draft.Rule(given["rule"]);
            else draft.Refuse(given, "output-value", "an object is no output; a value that is computed is {\"rule\": ...}");
        }

        return new Answers(_shape, values, rules);
    }

    private Value Literal(DecisionOutput output, Member then, Member given)
    {
        foreach (var fault in output.Schema.Validate(given.Value).Take(1))
        {
            if (then.Has(output.Key)) draft.Refuse(given, "output-value", $"{given.Value} is no value of this output, which {fault.Message}");
            else draft.Refuse(given, "output-value", $"a row gives every output that cannot be null; this one gives no '{output.Key}'");
        }

        return given.Value;
    }
}
