using Crm.Wfm.Workflows;

namespace Crm.Wfm.Moves;

/// <summary>Decides moves. Pure: the same workflow and situation give the same answer, on every path to a move.</summary>
public static class Gate
{
    /// <summary>Decides whether a transition may be taken and what it would do.</summary>
    /// <param name="workflow">The published workflow the project follows.</param>
    /// <param name="transition">Key of the transition; one that is unknown is refused like one that leaves another step.</param>
    /// <param name="situation">The project, its subject, who asks, with what, when.</param>
    public static Decision Decide(Workflow workflow, string transition, Situation situation)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentNullException.ThrowIfNull(situation);
        if (workflow.Transition(transition) is not { } edge || !edge.Leaves(situation.Project.Step))
        {
            return new Decision.Refused([GateReasons.NoEdge(workflow, transition, situation.Project.Step)]);
        }

        var check = new GateCheck(workflow, edge, situation);
        check.Submit();
        var plan = check.Refusals.Count == 0 ? check.Plan() : null;
        return plan is not null && check.Refusals.Count == 0
            ? new Decision.Moved(plan)
            : new Decision.Refused(check.Refusals) { Search = Search(workflow, edge, situation, check.Refusals, isSubmit: true) };
    }

    /// <summary>Decides whether a project may start.</summary>
    /// <param name="workflow">The published workflow of the project type.</param>
    /// <param name="situation">The project as it would be, in the workflow's initial step.</param>
    public static Decision Start(Workflow workflow, Situation situation)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentNullException.ThrowIfNull(situation);
        var initial = workflow.Initial;
        if (GateReasons.WipLimit(initial, situation.Project) is { } full) return new Decision.Refused([full]);
        return new Decision.Moved(StartPlan(workflow, situation));
    }

    /// <summary>Lists the transitions out of the project's step in the order of buttons: available ones and blocked ones with their reasons. Those the actor is not allowed are hidden.</summary>
    public static IReadOnlyList<TransitionOffer> Offers(Workflow workflow, Situation situation)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentNullException.ThrowIfNull(situation);
        var offers = new List<TransitionOffer>();
        foreach (var edge in workflow.From(situation.Project.Step))
        {
            var check = new GateCheck(workflow, edge, situation);
            check.Offer();
            if (check.IsAllowed) offers.Add(new(edge, check.Refusals, check.Warnings) { Search = check.Refusals.Count == 0 ? null : Search(workflow, edge, situation, check.Refusals, isSubmit: false) });
        }

        return offers;
    }

    private static Lazy<Remedy> Search(Workflow workflow, Transition edge, Situation situation, IReadOnlyList<Reason> refusals, bool isSubmit) =>
        new(() => new RemedySearch(workflow, edge, situation, isSubmit).Find(refusals));

    internal static MovePlan StartPlan(Workflow workflow, Situation situation) =>
        new(null, null, workflow.Initial, situation.Facts(workflow), new Dictionary<string, bool>(), [], Effects.None);

    /// <summary>Plans a move that did happen, whatever the guards say of it.</summary>
    /// <returns>The plan and what would have refused it, or <c>null</c> when the workflow has no such edge.</returns>
    internal static (MovePlan Plan, IReadOnlyList<Reason> Observed)? Observe(Workflow workflow, string transition, Situation situation)
    {
        if (workflow.Transition(transition) is not { } edge || !edge.Leaves(situation.Project.Step)) return null;
        var check = new GateCheck(workflow, edge, situation);
        check.Submit();
        return (check.Plan(), check.Refusals);
    }
}
