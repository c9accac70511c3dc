using Crm.Wfm.Events;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>Every action is one somebody carries out, with what it needs.</summary>
internal static class PostActions
{
    private static readonly string[] BuiltIn = ["set", "emit"];

    public static void Check(BundleDraft draft)
    {
        var known = BuiltIn.Concat(draft.Actions).ToHashSet(StringComparer.Ordinal);
        foreach (var workflow in draft.Workflows.Values)
        {
            foreach (var action in workflow.Transitions.SelectMany(t => t["postActions"].Items()))
            {
                CheckName(draft, action, known);
                if (action["do"].Text == "set") CheckSet(draft, workflow, action);
                else if (action["do"].Text == "emit") CheckEmit(draft, action);
            }
        }

        var elsewhere = draft.Root["automations"].Members().SelectMany(a => a["actions"].Items())
            .Concat(draft.Root["migrations"].Items().SelectMany(m => m["fields"].Items()));
        foreach (var action in elsewhere) CheckName(draft, action, known);
    }

    private static void CheckName(BundleDraft draft, Member action, HashSet<string> known)
    {
        if (action["do"].Text is not { } name || known.Contains(name)) return;
        draft.Refuse(action["do"], "unknown-action", $"nobody registered an action '{name}'{draft.Hint(name, known)} (there are {string.Join(", ", known)})");
    }

    private static void CheckSet(BundleDraft draft, WorkflowDraft workflow, Member action)
    {
        if (!action.Has("value")) draft.Refuse(action["value"], "required", "set needs a value; null clears the field");
        if (!action.Has("target")) draft.Refuse(action["target"], "required", "set needs a target such as /entity/closedAt");
        if (action["target"].Text is not { } target || JsonPointer.Tokens(target) is not { } tokens) return;
        if (tokens is ["entity", _, ..]) CheckEntity(draft, workflow, action["target"], tokens);
        else if (tokens is not ["project", _, ..]) draft.Refuse(action["target"], "unknown-target", "must lead to a field below /entity or /project");
        else if (!workflow.ProjectTypes.All(type => workflow.Fields.GetValueOrDefault(type.Name)?.Find(tokens.AsSpan(1)).Node is not null))
            draft.Refuse(action["target"], "unknown-target", $"not every project type using this workflow has a field '{tokens[1]}'");
    }

    private static void CheckEntity(BundleDraft draft, WorkflowDraft workflow, Member target, string[] tokens)
    {
        foreach (var (subject, schema) in workflow.Subjects)
        {
            var place = schema.Find(tokens.AsSpan(1));
            if (place.Node is not null || tokens[1] == "custom") continue;
            var field = string.Join('.', tokens[1..]);
            draft.Refuse(target, "unknown-target", $"the schema of {subject} has no '{field}'{draft.Hint(tokens[^1], place.Known)}");
        }
    }

    private static void CheckEmit(BundleDraft draft, Member action)
    {
        if (action["value"].Value.Kind is not (ValueKind.Text or ValueKind.Object))
            draft.Refuse(action["value"], "required", "emit needs the event's type as value, such as \"crm.deal.won\", or a rule that computes it");
        else if (action["value"].Text is { } type && !EventTypes.MayEmit(type))
            draft.Refuse(action["value"], "event-type", "must be words joined by dots, such as \"crm.deal.won\"; wfm.* is the engine's own");
    }
}
