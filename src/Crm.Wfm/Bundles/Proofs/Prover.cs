using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Testing;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>Asks the solver about rules with all their facts free, and hands on only what it proves or shows.</summary>
internal sealed class Prover(Bundle bundle, Budget budget)
{
    /// <summary>How many rules are solved together.</summary>
    public const int MostRules = 24;

    private const int MostParts = 400;

    private readonly FreeFacts _facts = new();
    private readonly Smallest _smallest = new();
    private readonly Dictionary<(string, string?, string, object?), Value> _starts = [];

    public Bundle Bundle => bundle;

    public Budget Budget => budget;

    /// <summary>Gets somebody who acts.</summary>
    public static TestActor Somebody { get; } = new(SomebodyElse(0));

    /// <summary>Gives the id of somebody; the first one is <see cref="Somebody"/>.</summary>
    public static string SomebodyElse(int number) => $"00000000-0000-7000-8000-{number + 1:D12}";

    /// <summary>Solves goals together: finds facts with which all are met, or proves that there are none.</summary>
    /// <param name="goals">The goals.</param>
    /// <param name="scene">Where they are asked.</param>
    /// <param name="withParams">Whether parameters may have any value.</param>
    public Solution Solve(IReadOnlyList<Goal> goals, Scene scene, bool withParams = false)
    {
        if (budget.IsSpent) return new Solution.Unknown("it would take too long");
        budget.Spend(Budget.PerQuestion + goals.Sum(g => g.Rule.Size));
        if (goals.Count > MostRules || goals.Any(g => g.Rule.Size > MostParts)) return new Solution.Unknown("there are too many rules");
        if (_facts.Of(goals.Select(g => g.Rule), scene, withParams) is not { } fields) return new Solution.Unknown("facts are computed");
        var start = StartFor(goals.Select(g => g.Rule), scene);
        var solution = budget.Ask(fuel => Solve(goals, start, fields, fuel));
        return solution is Solution.Unknown ? budget.Ask(fuel => Certain(solution, goals, fields, fuel)) : solution;
    }

    /// <summary>Tells whether it is proved that goals cannot be met together.</summary>
    public bool IsImpossible(IReadOnlyList<Goal> goals, Scene scene, bool withParams = false) => Solve(goals, scene, withParams) is Solution.None;

    /// <summary>Finds facts with which goals are met; <c>null</c> when none were found.</summary>
    public Value? Facts(IReadOnlyList<Goal> goals, Scene scene) => (Solve(goals, scene) as Solution.Found)?.Facts;

    /// <summary>Pays for a rule that will be asked elsewhere.</summary>
    public void Pay(Rule rule, Value facts)
    {
        if (!budget.IsSpent) budget.Ask(fuel => Outcomes.Of(rule, in facts, fuel));
    }

    /// <summary>Gives facts as good as none: what schemas require, and nothing else.</summary>
    public Value Start(Scene scene)
    {
        var like = (scene.Workflow.Key, scene.Type?.Key, scene.Step.Key, scene.Transition?.Input);
        return _starts.TryGetValue(like, out var known) ? known : _starts[like] = budget.Ask(fuel => Start(scene, fuel));
    }

    /// <summary>Rules that do not look at the step start alike in every step.</summary>
    private Value StartFor(IEnumerable<Rule> rules, Scene scene) => Start(rules.Any(Scenes.ReadsStep) ? scene : scene with { Step = scene.Workflow.Initial });

    /// <summary>Tells what a rule comes to with facts as good as none.</summary>
    public bool HoldsAtStart(Rule rule, Scene scene)
    {
        var start = StartFor([rule], scene);
        return budget.Ask(fuel => Outcomes.Of(rule, in start, fuel) is { } value && Coercion.Truthy(in value));
    }

    /// <summary>Each goal is met from where those before it were, so that an answer is found by few changes at a time.</summary>
    private static Solution Solve(IReadOnlyList<Goal> goals, Value start, IReadOnlyList<Field> fields, Fuel fuel)
    {
        Solution solution = new Solution.Found([], false, start);
        for (var count = 1; count <= goals.Count && solution is Solution.Found found; count++)
            solution = Solver.Solve([.. goals.Take(count)], found.Facts, fields, fuel);
        return solution is Solution.None && fuel.IsSpent ? new Solution.Unknown("it would take too long") : solution;
    }

    /// <summary>What the search over facts cannot tell, the shape of the rules may.</summary>
    private static Solution Certain(Solution solution, IReadOnlyList<Goal> goals, IReadOnlyList<Field> fields, Fuel fuel) =>
        solution is Solution.Unknown && new Propositions(fields, fuel).AreImpossible(goals) ? new Solution.None(goals) : solution;

    private Value Start(Scene scene, Fuel fuel)
    {
        var state = new ProjectState
        {
            Id = TestActor.IdOf("project"),
            Type = scene.Type?.Key ?? "",
            Subject = new(scene.Type?.Subject ?? "", "test"),
            Step = scene.Step.Key,
            Version = 1,
            StartedAt = ScenarioRunner.DefaultNow,
            EnteredAt = ScenarioRunner.DefaultNow,
            Fields = _smallest.Of(scene.Fields, fuel),
        };
        var situation = new Situation(state, new(_smallest.Of(scene.Subject, fuel)), new(Somebody.Id), ScenarioRunner.DefaultNow)
        {
            Input = scene.Transition?.Input is { } form ? Value.From(_smallest.Of(form, fuel)) : Value.Null,
        };
        // What changes is nobody's fact here: rules that ask for it are left alone.
        return FactTree.With(situation.Facts(scene.Workflow), ["changed"], Value.Null);
    }
}
