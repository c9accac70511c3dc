using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions.Reading;

/// <summary>Compiles one decision of a bundle and tells what is wrong with it; what its schema forbids was told before.</summary>
internal sealed class DecisionReader(BundleDraft draft, Member place)
{
    private static readonly string[] OfTables = ["hitPolicy", "aggregate", "rows"];
    private static readonly string[] OfScorecards = ["base", "characteristics", "bands"];

    /// <summary>Gives the decision; <c>null</c> when there are faults.</summary>
    public Decision? Read()
    {
        var below = place.Pointer + "/";
        if (place.Value.AsObject is null || draft.Faults.Exists(fault => fault.Pointer == place.Pointer || fault.Pointer.StartsWith(below, StringComparison.Ordinal))) return null;
        var before = draft.Faults.Count;
        var isTable = place["kind"].Text == "table";
        foreach (var foreign in (isTable ? OfScorecards : OfTables).Where(place.Has))
            draft.Refuse(place[foreign], "not-allowed-here", $"belongs to {(isTable ? "scorecards" : "tables")}");
        var inputs = ReadInputs();
        var outputs = place["outputs"].Items().Select(output => new DecisionOutput(output["key"].Text!, draft.Text(output["title"]), draft.Schema(output["schema"])!)).ToList();
        Keys.Check(draft, place["outputs"]);
        var logic = isTable ? new TableReader(draft, place, inputs, outputs).Read() : new ScorecardReader(draft, place, inputs, outputs).Read();
        if (logic is null || draft.Faults.Count > before) return null;
        if (!isTable) outputs.Insert(0, ScorecardReader.Score);
        return new Decision(place.Value, Head(isTable ? DecisionKind.Table : DecisionKind.Scorecard, inputs, outputs), logic);
    }

    private List<DecisionInput> ReadInputs()
    {
        Keys.Check(draft, place["inputs"]);
        return [.. place["inputs"].Items().Select(input => new DecisionInput(
            input["key"].Text!, draft.Text(input["title"]), input.Has("value") ? draft.Rule(input["value"]) : null, draft.Schema(input["schema"])!))];
    }

    private DecisionHead Head(DecisionKind kind, List<DecisionInput> inputs, List<DecisionOutput> outputs)
    {
        var rules = DecisionRules.Of(place).Select(draft.Rule).OfType<Rule>().ToList();
        var facts = rules.SelectMany(rule => rule.Variables).Where(path => path != Question.Root && !path.StartsWith(Question.Root + ".", StringComparison.Ordinal)).Distinct();
        return new(place.Name, draft.Text(place["title"]), kind, inputs, outputs, [.. facts], rules.Exists(rule => rule.ReadsComputed), 1 + draft.Decisions.DeepestRead(place.Name));
    }
}

/// <summary>Keys by which the parts of a decision are told apart, and merged.</summary>
internal static class Keys
{
    public static void Check(BundleDraft draft, Member list)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items().Where(item => item["key"].Text is { } key && !seen.Add(key)))
            draft.Refuse(item["key"], "duplicate-entry", $"there is '{item["key"].Text}' already; what is listed here is told apart by its key");
    }
}

/// <summary>Knows where a decision has rules.</summary>
internal static class DecisionRules
{
    /// <summary>Lists the rules of a decision; inputs first.</summary>
    public static IEnumerable<Member> Of(Member decision) => OfInputs(decision).Concat(OfRows(decision));

    /// <summary>Lists the decisions a rule reads. Whatever looks like it: one too many does no harm.</summary>
    public static IEnumerable<string> ReadBy(Value rule) =>
        (rule.AsObject ?? FactObject.Empty).SelectMany(member => (member.Key == "decide" ? Named(member.Value) : []).Concat(ReadBy(member.Value)))
            .Concat(rule.AsList.ToArray().SelectMany(ReadBy));

    private static IEnumerable<string> Named(Value arguments) => arguments.AsText is { } key ? [key] : arguments.AsList is [{ AsText: { } first }, ..] ? [first] : [];

    public static IEnumerable<Member> OfInputs(Member decision) => decision["inputs"].Items().Where(input => input.Has("value")).Select(input => input["value"]);

    /// <summary>Lists the rules that see the inputs.</summary>
    public static IEnumerable<Member> OfRows(Member decision)
    {
        var rows = decision["rows"].Items().Concat(decision["characteristics"].Items().SelectMany(c => c["rows"].Items()));
        var cells = rows.SelectMany(row => row["when"].Members()).Concat(decision["bands"].Items().Select(band => band["when"]));
        var answers = decision["rows"].Items().Concat(decision["bands"].Items()).Select(row => row["then"]).Append(decision["default"]).SelectMany(then => then.Members());
        return cells.Concat(answers).Where(part => part.Has("rule")).Select(part => part["rule"]);
    }
}
