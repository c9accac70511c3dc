using Crm.Wfm.Schemas;

namespace Crm.Wfm.Rules.Solving;

/// <summary>A rule, and what is wanted of it.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Holds">Whether it has to hold; a rule that ends in an error does not.</param>
internal sealed record Goal(Rule Rule, bool Holds = true);

/// <summary>A fact that may be changed.</summary>
/// <param name="Path">Where it lies, dotted as rules name it: <c>entity.amount</c>.</param>
/// <param name="Schema">What its values have to meet; <c>null</c> when anything goes.</param>
internal sealed record Field(string Path, JsonSchema? Schema)
{
    /// <summary>Gets how it may be without a value.</summary>
    public Emptiness Empty { get; init; } = Emptiness.Null | Emptiness.Absent;

    /// <summary>Gets whether the value it has now has to be an allowed one too, and be changed when it is not: what somebody enters, and facts that are made up.</summary>
    public bool IsChecked { get; init; }

    /// <summary>Gets the names on the way to it.</summary>
    public string[] Names { get; } = Path.Split('.');
}

/// <summary>How a field may be without a value.</summary>
[Flags]
internal enum Emptiness
{
    /// <summary>It always has one.</summary>
    Never = 0,

    /// <summary>It is <c>null</c>.</summary>
    Null = 1,

    /// <summary>It is not there at all.</summary>
    Absent = 2,
}

/// <summary>What a field is changed to.</summary>
/// <param name="Field">The field.</param>
/// <param name="From">What it is; <c>null</c> when it is not there.</param>
/// <param name="To">What it would be; <c>null</c> to take it away.</param>
internal sealed record Change(Field Field, Value? From, Value? To);

/// <summary>What the solver found.</summary>
internal abstract record Solution
{
    private Solution()
    {
    }

    /// <summary>With these changes every rule does what is wanted of it: the rules themselves were asked.</summary>
    /// <param name="Changes">The changes, in the order of the fields; none when nothing has to change.</param>
    /// <param name="IsSmallest">Whether it is proved that fewer do not suffice.</param>
    /// <param name="Facts">The facts with the changes made.</param>
    public sealed record Found(IReadOnlyList<Change> Changes, bool IsSmallest, Value Facts) : Solution;

    /// <summary>It is proved that no change of these fields does it.</summary>
    /// <param name="Goals">Goals that cannot be met together; one where a single goal cannot be met.</param>
    public sealed record None(IReadOnlyList<Goal> Goals) : Solution;

    /// <summary>None was found, and it is not proved that there is none.</summary>
    /// <param name="Why">What stood in the way.</param>
    public sealed record Unknown(string Why) : Solution;
}
