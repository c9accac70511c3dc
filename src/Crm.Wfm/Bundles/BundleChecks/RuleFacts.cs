using Crm.Wfm.Decisions;
using Crm.Wfm.Decisions.Reading;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>Rules compile, and name facts there are.</summary>
internal static class RuleFacts
{
    private static readonly string[] Roots = ["entity", "project", "step", "actor", "input", "event", "param", "now", "changed"];
    private static readonly string[] ActorFacts = ["id", "roles", "relations"];
    private static readonly string[] StepFacts = ["key", "status", "category", "probability", "enteredAt"];
    private static readonly string[] ProjectFacts = ["id", "type", "version", "startedAt", "enteredAt"];

    public static void Check(BundleDraft draft)
    {
        foreach (var place in RulePlaces.OutsideWorkflows(draft.Root))
        {
            CheckNull(draft, place, place.Value);
            foreach (var path in Paths(draft, place)) CheckRoot(draft, place, path);
            if (DecisionRules.ReadBy(place.Value).Any())
                draft.Refuse(place, "unknown-decision", "only rules of workflows and of other decisions read decisions: an automation has no version of its own to take them from");
        }

        foreach (var decision in draft.Root["decisions"].Members()) CheckDecision(draft, decision);

        foreach (var workflow in draft.Workflows.Values)
        {
            foreach (var (place, transition) in RulePlaces.OfWorkflow(workflow.Place))
            {
                CheckNull(draft, place, place.Value);
                foreach (var path in Paths(draft, place))
                {
                    CheckRoot(draft, place, path);
                    if (path is ["entity", not "custom", ..]) CheckFact(draft, place, path, workflow.Subjects);
                    if (path is ["project", _, ..]) CheckProject(draft, workflow, place, path);
                    if (path is ["step", var fact, ..] && !StepFacts.Contains(fact))
                        draft.Refuse(place, "unknown-fact", $"a step has no '{fact}'{draft.Hint(fact, StepFacts)} (it has {string.Join(", ", StepFacts)})");
                    if (path is ["input", _, ..] && transition is { } asking) CheckInput(draft, place, path, asking);
                }
            }
        }
    }

    /// <summary>A decision may be asked about any subject, so a fact is one where some subject has it; rules of rows see the inputs too.</summary>
    private static void CheckDecision(BundleDraft draft, Member decision)
    {
        var inputs = decision["inputs"].Items().Select(input => input["key"].Text).Append(decision.Has("bands") ? Scorecard.Score : null).OfType<string>().ToList();
        foreach (var place in DecisionRules.Of(decision))
        {
            CheckNull(draft, place, place.Value);
            foreach (var path in Paths(draft, place).Where(path => path is not [Question.Root, ..])) CheckDecisionFact(draft, place, path);
        }

        foreach (var place in DecisionRules.OfInputs(decision))
        {
            foreach (var path in Paths(draft, place).Where(path => path is [Question.Root, ..]))
                draft.Refuse(place, "unknown-root", "the rule of an input does not see the inputs; rows' rules do");
        }

        foreach (var place in DecisionRules.OfRows(decision))
        {
            foreach (var path in Paths(draft, place).Where(path => path is [Question.Root, _, ..] && !inputs.Contains(path[1])))
                draft.Refuse(place, "unknown-input", $"there is no input '{path[1]}'{draft.Hint(path[1], inputs)}");
        }
    }

    private static void CheckDecisionFact(BundleDraft draft, Member place, string[] path)
    {
        CheckRoot(draft, place, path);
        if (path is not ["entity", not "custom", ..]) return;
        var schemas = draft.Root["subjects"].Members().Select(subject => (subject.Name, Schema: draft.Schema(subject["schema"]))).Where(s => s.Schema is not null).ToDictionary(s => s.Name, s => s.Schema!);
        if (schemas.Values.Any(schema => schema.Find(path.AsSpan(1)).Node is not null)) return;
        // The most liberal of them is the one it may be about.
        CheckFact(draft, place, path, schemas.OrderBy(s => s.Value.Find(path.AsSpan(1)) is var found && found.IsClosed ? 2 : found.Known.Any() ? 1 : 0).Take(1).ToDictionary());
    }

    /// <summary>Warns of a question that means another thing than it seems to.</summary>
    private static void CheckNull(BundleDraft draft, Member place, Value rule)
    {
        foreach (var (operation, argument) in rule.AsObject ?? FactObject.Empty)
        {
            if (operation is "==" or "!=" && argument.AsList.Contains(Value.Null))
                draft.Warn(place, "null-comparison", $"null counts as 0 in '{operation}', so 0 and false equal it; ask with '{operation}=', which does not mix them up");
            CheckNull(draft, place, argument);
        }

        foreach (var item in rule.AsList) CheckNull(draft, place, item);
    }

    /// <summary>Gives the paths the rule names; the whole data (an empty path) is no name.</summary>
    private static IEnumerable<string[]> Paths(BundleDraft draft, Member place) =>
        draft.Rule(place)?.Variables.Where(path => path.Length > 0).Select(path => path.Split('.')) ?? [];

    private static void CheckRoot(BundleDraft draft, Member place, string[] path)
    {
        if (!Roots.Contains(path[0]))
            draft.Refuse(place, "unknown-root", $"'{path[0]}' is nothing rules know{draft.Hint(path[0], Roots)} (rules know {string.Join(", ", Roots)})");
        else if (path is ["param", var param, ..] && !draft.Names.Params.Contains(param))
            draft.Refuse(place, References.Key, $"there is no param '{param}'{draft.Hint(param, draft.Names.Params)}");
        else if (path is ["actor", var fact, ..] && !ActorFacts.Contains(fact))
            draft.Refuse(place, "unknown-fact", $"an actor has no '{fact}'{draft.Hint(fact, ActorFacts)} (it has {string.Join(", ", ActorFacts)})");
    }

    /// <summary>A project has what every one has, and the fields of its type.</summary>
    private static void CheckProject(BundleDraft draft, WorkflowDraft workflow, Member place, string[] path)
    {
        if (ProjectFacts.Contains(path[1]) || workflow.ProjectTypes.Count == 0) return;
        if (workflow.ProjectTypes.Any(type => type.Has("fields"))) CheckFact(draft, place, path, workflow.Fields);
        else draft.Refuse(place, "unknown-fact", $"no project type using this workflow has fields, so there is no '{string.Join('.', path)}'{draft.Hint(path[1], ProjectFacts)}");
    }

    private static void CheckInput(BundleDraft draft, Member place, string[] path, Member transition)
    {
        if (!transition.Has("input")) draft.Refuse(place, "unknown-fact", $"the transition asks for no input, so there is no '{string.Join('.', path)}'");
        else if (draft.Schema(transition["input"]) is { } schema) CheckFact(draft, place, path, new Dictionary<string, JsonSchema> { ["the input"] = schema });
    }

    /// <summary>Tells the first schema that does not know the fact; the others would say the same.</summary>
    private static void CheckFact(BundleDraft draft, Member place, string[] path, IReadOnlyDictionary<string, JsonSchema> schemas)
    {
        foreach (var (name, schema) in schemas)
        {
            var found = schema.Find(path.AsSpan(1));
            if (found.Node is not null) continue;
            var fact = string.Join('.', path[1..]);
            if (found.IsClosed) draft.Refuse(place, "unknown-fact", $"{name} has no '{fact}'{draft.Hint(path[^1], found.Known)}");
            else if (found.Known.Any()) draft.Warn(place, "unknown-fact", $"the schema of {name} says nothing of '{fact}'{draft.Hint(path[^1], found.Known)}");
            else continue;
            return;
        }
    }
}
