using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Moves;

/// <summary>What the gate says.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>The move may be made, as planned.</summary>
    public sealed record Moved(MovePlan Plan) : Decision;

    /// <summary>The move may not be made.</summary>
    /// <param name="Reasons">Every reason, never empty.</param>
    public sealed record Refused(IReadOnlyList<Reason> Reasons) : Decision
    {
        /// <summary>Gets what would unblock the move; worked out when somebody asks.</summary>
        public Remedy Remedy => Search?.Value ?? Remedy.None(Reasons.Select(r => r.Key));

        internal Lazy<Remedy>? Search { get; init; }
    }
}

/// <summary>All that a move will write, computed before anything is written.</summary>
/// <param name="Transition">The transition; <c>null</c> for the start.</param>
/// <param name="From">The step left; <c>null</c> for the start.</param>
/// <param name="To">The step reached.</param>
/// <param name="Facts">The facts the rules saw.</param>
/// <param name="Rules">Reason key → whether the rule held, for every rule that was evaluated.</param>
/// <param name="Warnings">Guards of severity warning that did not hold.</param>
/// <param name="Effects">What the post-actions do.</param>
public sealed record MovePlan(
    Transition? Transition, Step? From, Step To, Value Facts, IReadOnlyDictionary<string, bool> Rules, IReadOnlyList<Reason> Warnings, Effects Effects);

/// <summary>What post-actions do, computed.</summary>
/// <param name="Entity">Subject fields to set.</param>
/// <param name="Project">The project's fields, all of them, when some are set; else <c>null</c>.</param>
/// <param name="Events">Events to emit: type and data; data is <see cref="Value.Null"/> where the bundle names none.</param>
/// <param name="Actions">Actions the host registered, in the bundle's order.</param>
public sealed record Effects(FactObject Entity, FactObject? Project, IReadOnlyList<(string Type, Value Data)> Events, IReadOnlyList<PlannedAction> Actions)
{
    /// <summary>No effects.</summary>
    public static Effects None { get; } = new(FactObject.Empty, null, [], []);
}

/// <summary>An action the host registered, to be run.</summary>
/// <param name="Action">The action.</param>
/// <param name="Value">What its <c>value</c> came to; <see cref="Value.Null"/> when it has none.</param>
public sealed record PlannedAction(PostAction Action, Value Value);

/// <summary>A transition as a user sees it before acting.</summary>
/// <param name="Transition">The transition.</param>
/// <param name="Reasons">Why it is blocked; empty when it is available.</param>
/// <param name="Warnings">Guards of severity warning that do not hold.</param>
public sealed record TransitionOffer(Transition Transition, IReadOnlyList<Reason> Reasons, IReadOnlyList<Reason> Warnings)
{
    /// <summary>Gets whether it can be taken, given the right input.</summary>
    public bool IsAvailable => Reasons.Count == 0;

    /// <summary>Gets what would make it available, worked out when somebody asks; <c>null</c> when it is.</summary>
    public Remedy? Remedy => Search?.Value;

    internal Lazy<Remedy>? Search { get; init; }
}
