using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>What is asked of whoever takes a transition: to be allowed, and that guards hold.</summary>
internal sealed class Demands(WorkflowDraft draft, Workflow workflow)
{
    private readonly Dictionary<string, Member> _steps = draft.Steps.ToDictionary(s => WorkflowDraft.KeyOf(s)!, StringComparer.Ordinal);
    private readonly Dictionary<string, Rule?> _allow = new(StringComparer.Ordinal);

    public Workflow Workflow => workflow;

    /// <summary>Gets where the bundle has the steps.</summary>
    public Member Steps { get; } = draft.Place["steps"];

    public Member Place(Transition transition) => draft.Place["transitions"][transition.Key];

    public Member Place(Step step) => _steps[step.Key];

    /// <summary>Lists a step's exit criteria.</summary>
    public IEnumerable<Demand> Of(Step step) => Of(step.ExitCriteria, Place(step)["exitCriteria"], ReasonKeys.ExitPrefix);

    /// <summary>Lists a transition's conditions and validators.</summary>
    public IEnumerable<Demand> Of(Transition transition) =>
        Of(transition.Conditions, Place(transition)["conditions"]).Concat(Of(transition.Validators, Place(transition)["validators"]));

    /// <summary>Lists all that has to hold for a transition from a step: who may, then guards that do not merely warn.</summary>
    public IReadOnlyList<Demand> Of(Transition transition, Step step) =>
        [.. Who(transition), .. Of(transition).Concat(Of(step)).Where(d => !d.IsWarning)];

    /// <summary>Gives who may take a transition, as a rule; none when anybody may.</summary>
    public IEnumerable<Demand> Who(Transition transition)
    {
        if (transition.Allow.Count == 0) return [];
        if (!_allow.TryGetValue(transition.Key, out var rule)) _allow[transition.Key] = rule = Allowed(transition.Allow);
        return rule is null ? [] : [new Demand(ReasonKeys.NotAllowed, rule, Place(transition)["allow"], false)];
    }

    public static IReadOnlyList<Goal> Goals(IEnumerable<Demand> demands) => [.. demands.Select(d => new Goal(d.Rule))];

    private static IEnumerable<Demand> Of(IReadOnlyList<Guard> guards, Member place, string prefix = "") =>
        guards.Select(g => new Demand(prefix + g.Key, g.Rule, place[g.Key], g.IsWarning));

    private static Rule? Allowed(IReadOnlyList<Allowance> allow)
    {
        var alternatives = allow.Select(a => Call("and", [.. Any(a.Roles, "actor.roles"), .. Any(a.Relations, "actor.relations")]));
        return Rule.TryCompile(Call("or", [.. alternatives]), [], out var rule) ? rule : null;
    }

    private static IEnumerable<Value> Any(IReadOnlyList<string> names, string path) =>
        names.Count == 0 ? [] : [Call("or", [.. names.Select(n => Call("in", [Value.From(n), Call("var", [Value.From(path)])]))])];

    private static Value Call(string name, Value[] arguments) => Value.From(new FactObjectBuilder { [name] = Value.From(arguments) }.Build());
}
