using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions;

/// <summary>How a decision came to its result. It holds what was looked at: behind the row that decides, where the first one does, there is nothing.</summary>
/// <param name="Decision">Key of the decision.</param>
/// <param name="Inputs">The inputs as they were.</param>
/// <param name="Tables">One for a table; for a scorecard one per characteristic, then its bands.</param>
/// <param name="Result">What came out.</param>
public sealed record DecisionTrace(string Decision, FactObject Inputs, IReadOnlyList<TableTrace> Tables, DecisionResult Result)
{
    /// <summary>Gets the rows that hit; a scorecard's as <c>characteristic/row</c>.</summary>
    public IEnumerable<string> Hits => Tables.SelectMany(table => table.Rows.Where(row => row.Hits).Select(row => RowTrace.Name(table.Part, row.Row)));
}

/// <summary>What was looked at in one table.</summary>
/// <param name="Part">Key of the characteristic, <c>bands</c>, or <c>null</c> where the decision is the table.</param>
/// <param name="Rows">The rows, in the order in which they were looked at.</param>
/// <param name="Points">What the characteristic added to the score; else <c>null</c>.</param>
public sealed record TableTrace(string? Part, IReadOnlyList<RowTrace> Rows, double? Points);

/// <summary>Whether a row hit.</summary>
/// <param name="Row">Key of the row.</param>
/// <param name="FailedInput">Key of the first input whose cell did not hold; <c>null</c> for a row that hit.</param>
/// <param name="Cell">That cell; <see cref="Value.Null"/> for a row that hit.</param>
public sealed record RowTrace(string Row, string? FailedInput, Value Cell)
{
    /// <summary>Gets whether it hit.</summary>
    public bool Hits => FailedInput is null;

    internal static string Name(string? part, string row) => part is null ? row : $"{part}/{row}";
}
