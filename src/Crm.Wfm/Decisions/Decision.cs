using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Decisions;

/// <summary>
/// A decision table or scorecard, compiled: facts go in, outputs come out. Pure, immutable and safe to share between threads; docs/decision-tables.md is the reference.
/// </summary>
public sealed class Decision
{
    private readonly Logic _logic;
    private readonly Shape _outputs;

    internal Decision(Value source, DecisionHead head, Logic logic)
    {
        (Source, Key, Title, Kind, Inputs, Outputs, _logic) = (source, head.Key, head.Title, head.Kind, head.Inputs, head.Outputs, logic);
        _outputs = Shape.Of(Outputs.Select(output => output.Key));
        (Variables, ReadsComputed, Depth) = (head.Variables, head.ReadsComputed, head.Depth);
    }

    /// <summary>Gets the key, unique in a workspace.</summary>
    public string Key { get; }

    /// <summary>Gets the name for people.</summary>
    public Text? Title { get; }

    /// <summary>Gets what it is.</summary>
    public DecisionKind Kind { get; }

    /// <summary>Gets what it looks at.</summary>
    public IReadOnlyList<DecisionInput> Inputs { get; }

    /// <summary>Gets what it gives; a scorecard's <c>score</c> is the first.</summary>
    public IReadOnlyList<DecisionOutput> Outputs { get; }

    /// <summary>Gets the decision as the bundle has it.</summary>
    public Value Source { get; }

    /// <summary>Gets the facts its rules name, those of the decisions it reads included.</summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>Gets whether its rules look up facts that <see cref="Variables"/> cannot list.</summary>
    internal bool ReadsComputed { get; }

    /// <summary>Gets how many decisions read each other from here on, itself included.</summary>
    internal int Depth { get; }

    /// <summary>Decides.</summary>
    /// <param name="facts">What rules see, under the roots they know.</param>
    /// <param name="given">Inputs that are given rather than computed from the facts; <c>null</c> for none.</param>
    public DecisionResult Evaluate(in Value facts, FactObject? given = null)
    {
        var run = new Run();
        try
        {
            return new(Evaluate(new Scope(in facts, ref run), given), Value.Null);
        }
        catch (Thrown thrown)
        {
            return new(Value.Null, thrown.Error);
        }
    }

    /// <summary>Decides once more and tells of every row that is looked at whether it hits, or why not; made for people who ask.</summary>
    /// <inheritdoc cref="Evaluate(in Value, FactObject?)" path="/param"/>
    public DecisionTrace Explain(in Value facts, FactObject? given = null)
    {
        var result = Evaluate(in facts, given);
        var run = new Run();
        try
        {
            var question = new Question(Inputs, new Scope(in facts, ref run), given);
            return new(Key, question.Inputs(), _logic.Explain(in question), result);
        }
        catch (Thrown)
        {
            return new(Key, FactObject.Empty, [], result);
        }
    }

    internal IReadOnlyList<Table> Tables => [.. _logic.Parts.Select(part => part.Table)];

    /// <summary>Lists the rows by the names traces give them.</summary>
    internal IEnumerable<string> RowNames() => _logic.Parts.SelectMany(part => part.Table.Rows.Select(row => RowTrace.Name(part.Name, row.Key)));

    /// <summary>Gives all outputs as an object; null where no row hits and nothing is said for that.</summary>
    internal Value Evaluate(in Scope facts, FactObject? given = null) => _logic.Evaluate(new Question(Inputs, facts, given));

    /// <summary>Gives one output, by its slot.</summary>
    internal Value Evaluate(in Scope facts, int slot) => Evaluate(in facts).AsObject is { } outputs ? outputs.Slots[slot] : Value.Null;

    /// <summary>Finds the slot of an output; negative when there is none.</summary>
    internal int SlotOf(string output) => _outputs.IndexOf(output);
}

/// <summary>What everybody may know of a decision.</summary>
internal sealed record DecisionHead(
    string Key, Text? Title, DecisionKind Kind, IReadOnlyList<DecisionInput> Inputs, IReadOnlyList<DecisionOutput> Outputs,
    IReadOnlyList<string> Variables, bool ReadsComputed, int Depth);

/// <summary>What a decision is.</summary>
public enum DecisionKind
{
    /// <summary>Rows of conditions with outputs.</summary>
    Table,
    /// <summary>Points per characteristic, added up.</summary>
    Scorecard,
}

/// <summary>Which of the rows that hit count.</summary>
public enum HitPolicy
{
    /// <summary>At most one hits; two are an error.</summary>
    Unique,
    /// <summary>The first in the order of rows.</summary>
    First,
    /// <summary>The one with the highest priority.</summary>
    Priority,
    /// <summary>All of them.</summary>
    Collect,
}

/// <summary>What is made of all rows that hit.</summary>
public enum Aggregate
{
    /// <summary>A list per output, in the order of rows.</summary>
    List,
    /// <summary>The sum.</summary>
    Sum,
    /// <summary>The least.</summary>
    Min,
    /// <summary>The greatest.</summary>
    Max,
    /// <summary>How many rows hit.</summary>
    Count,
}

/// <summary>One thing a decision looks at.</summary>
/// <param name="Key">Its key; cells speak of it by this.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Value">The rule that computes it from the facts; <c>null</c> for one that is only ever given.</param>
/// <param name="Schema">What it may be: for forms, and for telling what rows leave open.</param>
public sealed record DecisionInput(string Key, Text? Title, Rule? Value, JsonSchema Schema);

/// <summary>One thing a decision gives.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Schema">What it may be.</param>
public sealed record DecisionOutput(string Key, Text? Title, JsonSchema Schema);

/// <summary>What came of a decision.</summary>
/// <param name="Outputs">The outputs as an object; <see cref="Value.Null"/> where no row hit and the decision has no default, or where <paramref name="Error"/> came out.</param>
/// <param name="Error">The error, an object with a <c>type</c>; <see cref="Value.Null"/> for none.</param>
public readonly record struct DecisionResult(Value Outputs, Value Error)
{
    /// <summary>Gets whether an error came out.</summary>
    public bool IsError => !Error.IsNull;
}
