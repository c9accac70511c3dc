using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Decisions.Cells;

/// <summary>Reads the cells of one input, and refuses those that speak of values it never has.</summary>
internal sealed class CellReader(BundleDraft draft, JsonSchema schema)
{
    private const string Forms = "a value, {\"in\": [...]}, {\"not\": ...}, {\"rule\": ...}, or ==, !=, <, <=, >, >= with their bounds";

    private readonly HashSet<ValueKind> _kinds = Kinds.Of(schema.Source);
    private readonly string? _format = schema.Source["format"].AsText;

    public Cell Read(Member cell)
    {
        if (cell.Value.IsNull) return Anything.Instance;
        if (cell.Value.AsObject is { } conditions) return ReadConditions(cell, conditions);
        if (cell.Value.Kind != ValueKind.List) return ReadValues(cell, [cell]);
        return Refuse(cell, $"a list is no cell; one of several values is {{\"in\": [...]}} (a cell is {Forms})");
    }

    private Cell ReadConditions(Member cell, FactObject conditions)
    {
        if (conditions.Count == 0) return Refuse(cell, $"says nothing; leave it out where any value will do (a cell is {Forms})");
        if (conditions is { Count: > 1 } && conditions.Has("rule")) return Refuse(cell, "a rule stands alone: put the other conditions into it");
        var cells = conditions.Select(condition => ReadCondition(cell.Value, cell[condition.Key])).ToArray();
        return cells is [var only] ? only : new All(cell.Value, cells);
    }

    private Cell ReadCondition(Value source, Member condition) => condition.Name switch
    {
        "==" => ReadValues(condition, [condition], source),
        "!=" => new Not(source, ReadValues(condition, [condition], source)),
        "<" => ReadBound(source, condition, above: false, inclusive: false),
        "<=" => ReadBound(source, condition, above: false, inclusive: true),
        ">" => ReadBound(source, condition, above: true, inclusive: false),
        ">=" => ReadBound(source, condition, above: true, inclusive: true),
        "in" when condition.Value.AsList.Length > 0 => ReadValues(condition, condition.Items(), source),
        "in" => Refuse(condition, "lists the values of which the input is one"),
        "not" when condition.Value.IsNull => Refuse(condition, "what is not anything is nothing; say what it is not"),
        "not" when condition.Has("rule") => Refuse(condition, "a rule stands alone: say there what it is not"),
        "not" => new Not(source, Read(condition)),
        "rule" => draft.Rule(condition) is { } rule ? new ByRule(source, rule) : Anything.Instance,
        _ => Refuse(condition, $"is no condition{draft.Hint(condition.Name, ["in", "not", "rule"])} (a cell is {Forms})"),
    };

    private Cell ReadValues(Member cell, IEnumerable<Member> values, Value? source = null)
    {
        var wanted = new List<Value>();
        foreach (var value in values)
        {
            if (value.Value.Kind is ValueKind.List or ValueKind.Object) return Refuse(value, "must be a number, a text, true, false or null; for anything else there is {\"rule\": ...}");
            foreach (var fault in schema.Validate(value.Value).Take(1)) draft.Refuse(value, "cell-value", $"{value.Value} is no value of this input, which {fault.Message}");
            wanted.Add(value.Value);
        }

        return new OneOf(source ?? cell.Value, [.. wanted]);
    }

    private Cell ReadBound(Value source, Member condition, bool above, bool inclusive)
    {
        var bound = condition.Value;
        if (bound.Kind is not (ValueKind.Number or ValueKind.Text)) return Refuse(condition, "is compared with a number or a text; for anything computed there is {\"rule\": ...}");
        if (!_kinds.Contains(bound.Kind)) draft.Refuse(condition, "cell-value", $"the input is never {(bound.Kind == ValueKind.Text ? "a text" : "a number")}");
        else if (bound.AsText is { } text && !IsTime(text)) draft.Refuse(condition, "cell-value", $"\"{text}\" is compared with times, which have the form 2026-03-31 or 2026-03-31T10:00:00.000Z");
        return new Bound(source, bound, above, inclusive);
    }

    // Times are compared as texts, which is right only where both have the one form that facts have.
    private bool IsTime(string text) => _format switch
    {
        "date" => Formats.All["date"].Accepts(text),
        "date-time" => Formats.All["date"].Accepts(text) || (FactTime.Read(text) is { } time && FactTime.Text(time) == text),
        _ => true,
    };

    private Anything Refuse(Member place, string message)
    {
        draft.Refuse(place, "cell", message);
        return Anything.Instance;
    }
}

/// <summary>The kinds of values a schema speaks of.</summary>
internal static class Kinds
{
    public static HashSet<ValueKind> Of(Value schema)
    {
        var types = schema["type"] is { Kind: ValueKind.List } list ? list.AsList.ToArray() : [schema["type"]];
        var values = schema.AsObject?.Has("const") == true ? [schema["const"]] : schema["enum"].AsList.ToArray();
        if (!types[0].IsNull) return [.. types.Select(type => Named(type.AsText))];
        return values.Length > 0 ? [.. values.Select(value => value.Kind)] : [.. Enum.GetValues<ValueKind>()];
    }

    private static ValueKind Named(string? type) => type switch
    {
        "number" or "integer" => ValueKind.Number,
        "string" => ValueKind.Text,
        "boolean" => ValueKind.Boolean,
        "array" => ValueKind.List,
        "object" => ValueKind.Object,
        _ => ValueKind.Null,
    };
}
