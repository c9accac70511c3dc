using Crm.Wfm.Moves;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>A guard's key tells one reason from all others, and its fixes lead to fields there are.</summary>
internal static class Guards
{
    public static void Check(BundleDraft draft)
    {
        foreach (var workflow in draft.Workflows.Values)
        {
            foreach (var guard in workflow.Steps.SelectMany(step => step["exitCriteria"].Members())) CheckFixes(draft, workflow, guard, null);
            foreach (var transition in workflow.Transitions)
            {
                CheckKeys(draft, transition);
                foreach (var guard in RulePlaces.Guards(transition)) CheckFixes(draft, workflow, guard, transition);
            }
        }
    }

    private static void CheckKeys(BundleDraft draft, Member transition)
    {
        foreach (var guard in RulePlaces.Guards(transition).Where(g => ReasonKeys.Reserved.Contains(g.Name)))
            draft.Refuse(guard, "reserved-key", $"'{guard.Name}' is a reason the engine itself gives; call the guard something else");
        foreach (var validator in transition["validators"].Members().Where(v => transition["conditions"].Has(v.Name)))
            draft.Refuse(validator, "duplicate-guard", $"a condition of this transition is called '{validator.Name}' too; reasons need keys of their own");
    }

    private static void CheckFixes(BundleDraft draft, WorkflowDraft workflow, Member guard, Member? transition)
    {
        foreach (var fix in guard["fixes"].Items())
        {
            if (fix.Text is not { } pointer || JsonPointer.Tokens(pointer) is not { } tokens) continue;
            if (tokens is ["entity" or "project" or "input", _, ..]) CheckField(draft, workflow, fix, tokens, transition);
            else draft.Refuse(fix, "unknown-fix", "must lead to a field below /entity, /project or /input");
        }
    }

    private static void CheckField(BundleDraft draft, WorkflowDraft workflow, Member fix, string[] tokens, Member? transition)
    {
        var (isEntity, schemas) = (tokens[0] == "entity", Schemas(draft, workflow, tokens[0], transition));
        if (!isEntity && schemas.Count == 0)
            draft.Refuse(fix, "unknown-fix", tokens[0] == "input" ? "this transition asks for no input" : "no project type using this workflow has fields");
        foreach (var (name, schema) in schemas)
        {
            var place = schema.Find(tokens.AsSpan(1));
            if (place.Node is not null || (isEntity && tokens[1] == "custom")) continue;
            var (field, hint) = (string.Join('.', tokens[1..]), draft.Hint(tokens[^1], place.Known));
            if (place.IsClosed || !isEntity) draft.Refuse(fix, "unknown-fix", $"{name} has no '{field}'{hint}");
            else if (place.Known.Any()) draft.Warn(fix, "unknown-fix", $"the schema of {name} says nothing of '{field}'{hint}");
        }
    }

    private static IReadOnlyDictionary<string, JsonSchema> Schemas(BundleDraft draft, WorkflowDraft workflow, string root, Member? transition) => root switch
    {
        "entity" => workflow.Subjects,
        "project" => workflow.Fields,
        _ => transition is { } asking && draft.Schema(asking["input"]) is { } input ? new Dictionary<string, JsonSchema> { ["the input"] = input } : new(),
    };
}
