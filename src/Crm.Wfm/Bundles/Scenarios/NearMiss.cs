using Crm.Wfm.Rules;
using Crm.Wfm.Testing;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Scenarios;

/// <summary>A bundle with one thing in it different: what it could be by mistake. Tests that all pass under it would not notice the mistake.</summary>
/// <param name="Pointer">Where it differs.</param>
/// <param name="Words">What is different.</param>
/// <param name="Topic">What a test that notices it is about.</param>
/// <param name="Bundle">The bundle as it would be.</param>
/// <param name="Aim">How a test would come to notice it.</param>
internal sealed record NearMiss(string Pointer, string Words, Topic Topic, Bundle Bundle, Aim Aim);

/// <summary>What a test is about.</summary>
/// <param name="Key">Words for its key, joined by hyphens.</param>
/// <param name="Title">Its title.</param>
internal sealed record Topic(string Key, string Title);

/// <summary>A situation in which something shows.</summary>
internal abstract record Aim
{
    private Aim()
    {
    }

    /// <summary>One where a guard and what it could be by mistake disagree.</summary>
    /// <param name="Ways">The transitions that ask the guard, each with the step it leaves.</param>
    /// <param name="Guard">The guard.</param>
    /// <param name="Other">What its rule could be; the rule itself where it is about something else of the guard.</param>
    public sealed record Guarded(IReadOnlyList<Way> Ways, Guard Guard, Rule Other) : Aim;

    /// <summary>One where a move is made and a rule of what it does comes to something else.</summary>
    /// <param name="Ways">The ways the transition goes.</param>
    /// <param name="Goals">Rules that have to hold, beside the guards.</param>
    public sealed record Done(IReadOnlyList<Way> Ways, IReadOnlyList<IReadOnlyList<Rules.Solving.Goal>> Goals) : Aim;

    /// <summary>Somebody tries who may just so, or just not.</summary>
    public sealed record Acted(Way Way, TestActor Who) : Aim;

    /// <summary>Something is entered that is just so right, or just not.</summary>
    public sealed record Entered(Way Way, Func<Value, IEnumerable<Value>> Inputs) : Aim;

    /// <summary>The target step holds that many others.</summary>
    public sealed record Filled(IReadOnlyList<Way> Ways, int Count) : Aim;

    /// <summary>Who took the earlier transition tries this one.</summary>
    public sealed record Twice(Transition Earlier, Transition Later) : Aim;

    /// <summary>There is none an embedded test could make.</summary>
    /// <param name="Why">Why not.</param>
    public sealed record Beyond(string Why) : Aim;
}

/// <summary>A transition from one of the steps it leaves.</summary>
internal readonly record struct Way(Transition Transition, string From);
