using Crm.Wfm.Rules;

namespace Crm.Wfm.Moves;

/// <summary>The answer to a <see cref="MoveCommand"/> or <see cref="StartCommand"/>. A refusal is a value, never an exception.</summary>
public abstract record MoveResult
{
    private MoveResult()
    {
    }

    /// <summary>The move was made and is history.</summary>
    /// <param name="Project">The project.</param>
    /// <param name="Transition">The transition; <c>null</c> for the start.</param>
    /// <param name="From">The step left; <c>null</c> for the start.</param>
    /// <param name="To">The step reached.</param>
    /// <param name="Version">The project's version now: number of its history rows, token for the next move.</param>
    /// <param name="RecordVersion">The subject's version now, where it has one.</param>
    /// <param name="Completed">Whether <paramref name="To"/> is a final step.</param>
    /// <param name="At">When, in business time.</param>
    /// <param name="Warnings">Guards of severity warning that did not hold.</param>
    /// <param name="Observed">What would have refused a past move (<see cref="PastMove.Observe"/>); empty for every other.</param>
    public sealed record Moved(Guid Project, string? Transition, string? From, string To, int Version, int? RecordVersion, bool Completed, DateTimeOffset At,
        IReadOnlyList<Reason> Warnings, IReadOnlyList<Reason> Observed) : MoveResult;

    /// <summary>The gate said no; nothing was written.</summary>
    /// <param name="Reasons">Every reason, never empty.</param>
    /// <param name="Step">The step the project stays in; <c>null</c> when it was not started.</param>
    /// <param name="Version">The project's version; 0 when it was not started.</param>
    public sealed record Refused(IReadOnlyList<Reason> Reasons, string? Step, int Version) : MoveResult
    {
        /// <summary>Gets what would unblock the move; worked out when somebody asks.</summary>
        public Remedy Remedy => Decision?.Remedy ?? Remedy.None(Reasons.Select(r => r.Key));

        internal Decision.Refused? Decision { get; init; }

        internal static Refused Of(Decision.Refused decision, string? step, int version) => new(decision.Reasons, step, version) { Decision = decision };
    }

    /// <summary>Somebody else was first: the version is another one, or the database could not serialize three tries.</summary>
    /// <param name="CurrentVersion">The version now; <c>null</c> where it could not be learned.</param>
    /// <param name="Message">What happened.</param>
    public sealed record Conflict(int? CurrentVersion, string Message) : MoveResult
    {
        /// <summary>Gets whether it was a deadlock or a serialization failure, which trying again may well resolve.</summary>
        public bool IsContention { get; init; }
    }

    /// <summary>There is no such project, subject or project type in this workspace, or the subject is deleted.</summary>
    /// <param name="What">What was looked for, such as <c>project</c>.</param>
    public sealed record NotFound(string What) : MoveResult;

    /// <summary>The command itself is wrong: fields that cannot be set, values of the wrong type, texts that cannot be kept.</summary>
    /// <param name="Faults">Every fault; pointers start at the command's member, such as <c>/changes</c>, <c>/input</c>, <c>/fields</c> or <c>/idempotencyKey</c>.</param>
    public sealed record Invalid(IReadOnlyList<Fault> Faults) : MoveResult;
}

/// <summary>One reason why a move is refused (or, as a warning, would better not be made).</summary>
/// <param name="Key">The guard's key or one of <see cref="ReasonKeys"/>; part of the API.</param>
/// <param name="Message">What to tell the user.</param>
/// <param name="Values">The facts that decided it: path → value; <c>null</c> values were missing.</param>
/// <param name="Fixes">JSON Pointers of the fields that would change the answer, with the schema each has to meet where one is known.</param>
/// <param name="Trace">How the rule came to its result; <c>null</c> where no rule was involved.</param>
public sealed record Reason(string Key, Text Message, IReadOnlyDictionary<string, Value> Values, IReadOnlyList<Fix> Fixes, Trace? Trace = null)
{
    /// <summary>Gets the error the rule ended in, an object with a <c>type</c> (<see cref="RuleErrors"/>): then it did not decide. <see cref="Value.Null"/> when it did.</summary>
    public Value Error => Trace?.Error ?? Value.Null;
}

/// <summary>A field that would change the answer.</summary>
/// <param name="Pointer">JSON Pointer below <c>/entity</c>, <c>/project</c> or <c>/input</c>.</param>
/// <param name="Schema">JSON Schema of the field, so that a form can ask for exactly that; <c>null</c> where none is known.</param>
public sealed record Fix(string Pointer, [property: JsonType("object", "boolean", "null")] Value Schema);

/// <summary>Reason keys that are not a guard's own. Guards may not use them.</summary>
public static class ReasonKeys
{
    /// <summary>The workflow has no such transition from the project's step.</summary>
    public const string NoEdge = "no-edge";

    /// <summary>The project's step is final and the transition does not reopen it.</summary>
    public const string Closed = "closed";

    /// <summary>The actor has neither role nor relation that the transition asks for. Told without values.</summary>
    public const string NotAllowed = "not-allowed";

    /// <summary>The actor took a transition after which somebody else has to take this one.</summary>
    public const string FourEyes = "four-eyes";

    /// <summary>The target step is full.</summary>
    public const string WipLimit = "wip-limit";

    /// <summary>The input does not meet the transition's schema.</summary>
    public const string Input = "input";

    /// <summary>The transition needs approvals.</summary>
    public const string Approval = "approval";

    /// <summary>What a post-action would do cannot be computed.</summary>
    public const string PostAction = "post-action";

    /// <summary>Prefix of the step's exit criteria: <c>exit/&lt;key&gt;</c>.</summary>
    public const string ExitPrefix = "exit/";

    /// <summary>All keys a guard may not have.</summary>
    public static IReadOnlyList<string> Reserved { get; } = [NoEdge, Closed, NotAllowed, FourEyes, WipLimit, Input, Approval, PostAction];
}
