using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Moves;

/// <summary>Searches what would unblock a move: the fields the guards name, what the user enters, and nothing a move could not set.</summary>
/// <param name="workflow">The workflow.</param>
/// <param name="transition">The transition that is refused.</param>
/// <param name="situation">The situation in which it is.</param>
/// <param name="isSubmit">Whether input and validators count as well: not before the user acts.</param>
internal sealed class RemedySearch(Workflow workflow, Transition transition, Situation situation, bool isSubmit)
{
    private readonly Fuel _fuel = new(isSubmit ? Fuel.OfRefusal : Fuel.OfOffer);
    private readonly Value _facts = situation.Facts(workflow);
    private readonly SettableFields _settable = new(workflow, transition, situation);

    public Remedy Find(IReadOnlyList<Reason> refusals)
    {
        var guards = Guards().ToList();
        var hopeless = refusals.Select(r => r.Key).Where(key => key != ReasonKeys.Input && !guards.Exists(g => g.Key == key)).ToList();
        if (hopeless.Count > 0) return Remedy.None(hopeless);
        var failing = guards.Where(g => refusals.Any(r => r.Key == g.Key)).ToList();
        var goals = guards.Select(g => new Goal(g.Guard.Rule)).ToList();
        // The fields of guards that hold are touched only where those of the others do not suffice.
        var solution = Solve(goals, failing);
        if (solution is not Solution.Found && failing.Count < guards.Count && Solve(goals, guards) is Solution.Found other) solution = other;
        return solution switch
        {
            Solution.Found found when Unblocks(found) => new([.. found.Changes.Select(c => Describe(goals, found, c))], null),
            Solution.Found => new(null, "A fix that meets the rules does not meet the schemas."),
            Solution.None none => Remedy.None(guards.Where(g => none.Goals.Any(goal => goal.Rule == g.Guard.Rule)).Select(g => g.Key)),
            Solution.Unknown unknown => new(null, $"None was found: {unknown.Why}."),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private IEnumerable<(string Key, Guard Guard)> Guards()
    {
        var guards = transition.Conditions.Select(g => (g.Key, g)).Concat(workflow.Step(situation.Project.Step)!.ExitCriteria.Select(g => (ReasonKeys.ExitPrefix + g.Key, g)));
        if (isSubmit) guards = guards.Concat(transition.Validators.Select(g => (g.Key, g)));
        return guards.Where(g => !g.g.IsWarning);
    }

    private Solution Solve(List<Goal> goals, List<(string Key, Guard Guard)> guards) =>
        Solver.Solve(goals, _facts, _settable.Of(guards.Select(g => g.Guard), isSubmit), _fuel);

    /// <summary>Asks the gate itself, and the subject.</summary>
    private bool Unblocks(Solution.Found found)
    {
        var changed = situation with
        {
            Subject = situation.Subject with { Entity = found.Facts["entity"].AsObject ?? FactObject.Empty },
            Input = found.Facts["input"],
            Changes = _settable.Changes(found),
        };
        if (situation.Kind.Check(changed.Changes, workflow.Subjects.GetValueOrDefault(situation.Project.Subject.Type)).Count > 0) return false;
        var check = new GateCheck(workflow, transition, changed);
        if (isSubmit) check.Submit();
        else check.Offer();
        return check.Refusals.Count == 0;
    }

    private ProposedChange Describe(List<Goal> goals, Solution.Found found, Change change)
    {
        var extent = Extent.Of(goals, found, change, _fuel);
        var isLeftOut = change.To is null && change.Field.Names[0] == "input";
        return new(
            string.Concat(change.Field.Names.Select(JsonPointer.Token)),
            change.Field.Schema?.Source ?? Value.Null,
            change.From ?? Value.Null,
            extent.IsFree || isLeftOut ? null : change.To ?? Value.Null,
            isLeftOut ? "left out" : extent.Words);
    }
}
