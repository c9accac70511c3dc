namespace Crm.Wfm.Rules.Solving;

/// <summary>
/// Finds the fewest changes of fields with which rules do what is wanted of them, or proves that there are none. Along each field only few values matter: those at
/// which a rule may change its mind, their neighbours, and one of each stretch between. They are tried in ever larger sets of fields; every answer was asked of the
/// rules themselves, so it is never wrong. docs/decisions/rules.md says what is proved and what is not.
/// </summary>
internal static class Solver
{
    /// <summary>Solves goals.</summary>
    /// <param name="goals">The rules and what is wanted of them, all at once.</param>
    /// <param name="facts">The facts as they are; an empty object where there are none.</param>
    /// <param name="fields">The facts that may be changed, those first that had better be.</param>
    /// <param name="fuel">What it may spend.</param>
    public static Solution Solve(IReadOnlyList<Goal> goals, Value facts, IReadOnlyList<Field> fields, Fuel fuel)
    {
        ArgumentNullException.ThrowIfNull(goals);
        ArgumentNullException.ThrowIfNull(fields);
        var question = new Question(goals, facts, fields, fuel);
        var (changes, isSmallest, result) = (new List<Change>(), true, facts);
        Solution.Unknown? unknown = null;
        foreach (var group in question.Groups())
        {
            switch (new GroupSearch(question, group).Search())
            {
                case Solution.None none: return none;
                case Solution.Unknown other: unknown ??= other; break;
                case Solution.Found found:
                    changes.AddRange(found.Changes);
                    isSmallest &= found.IsSmallest;
                    foreach (var change in found.Changes) result = Question.With(result, change.Field, change.To);
                    break;
            }
        }

        return unknown ?? (Solution)new Solution.Found([.. changes.OrderBy(c => question.IndexOf(c.Field))], isSmallest, result);
    }
}
