using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Moves;

/// <summary>Words the gate's reasons, with the values that decided.</summary>
internal static class GateReasons
{
    private static readonly Dictionary<string, Value> NoValues = [];

    public static Reason NoEdge(Workflow workflow, string transition, string step)
    {
        var ways = string.Join(", ", workflow.From(step).Select(t => t.Key));
        var values = new Dictionary<string, Value> { ["step.key"] = Value.From(step), ["transition"] = Value.From(transition) };
        return workflow.Step(step) is { Final: true }
            ? new(ReasonKeys.Closed, new($"The project is completed in {step}{(ways.Length > 0 ? $"; only {ways} leads on from here" : "")}."), values, [])
            : new(ReasonKeys.NoEdge, new($"{transition} does not lead on from {step}{(ways.Length > 0 ? $"; these do: {ways}" : "")}."), values, []);
    }

    public static Reason NotAllowed(Transition transition) =>
        new(ReasonKeys.NotAllowed, new($"You may not take {transition.Key}."), NoValues, []);

    public static Reason? Approval(Transition transition) => transition.Approvals is { } approvals
        ? new(ReasonKeys.Approval, new($"{transition.Key} needs {approvals.Quorum} approval(s) by {string.Join(" or ", approvals.Roles)}."),
            new Dictionary<string, Value> { ["quorum"] = Value.From(approvals.Quorum), ["roles"] = Value.From([.. approvals.Roles.Select(Value.From)]) }, [])
        : null;

    public static Reason? FourEyes(Transition transition, Situation situation)
    {
        var taken = transition.NotSameActorAs.FirstOrDefault(t => situation.Project.LastActors.TryGetValue(t, out var actor) && actor == situation.Actor.Id);
        return taken is null ? null : new(ReasonKeys.FourEyes, new($"You took {taken}; somebody else has to take {transition.Key}."),
            new Dictionary<string, Value> { ["transition"] = Value.From(taken), ["actor.id"] = Value.From(situation.Actor.Id) }, []);
    }

    public static Reason? WipLimit(Step step, ProjectState project)
    {
        if (step.WipLimit is not { } limit || project.Counts.GetValueOrDefault(step.Key) is var count && count < limit) return null;
        return new(ReasonKeys.WipLimit, new($"{step.Key} holds {count} of at most {limit}."),
            new Dictionary<string, Value> { ["step"] = Value.From(step.Key), ["count"] = Value.From(count), ["limit"] = Value.From(limit) }, []);
    }

    public static Reason Input(IReadOnlyList<Fault> faults, Value input, JsonSchema? schema)
    {
        var values = new Dictionary<string, Value>();
        var fixes = new List<Fix>();
        foreach (var pointer in faults.Select(f => f.Pointer).Distinct())
        {
            values["input" + pointer.Replace('/', '.')] = JsonPointer.Find(input, pointer) ?? Value.Null;
            if (pointer.Length > 0) fixes.Add(new("/input" + pointer, schema?.At(pointer)?.Source ?? Value.Null));
        }

        var text = string.Join(" ", faults.Select(f => f.Pointer.Length > 0 ? $"{f.Pointer[1..]}: {f.Message}" : f.Message));
        return new(ReasonKeys.Input, new(text), values, fixes);
    }

    public static Reason Guard(Guard guard, string key, Workflow workflow, Transition transition, Situation situation, Value facts)
    {
        var fixes = guard.Fixes.Select(pointer => new Fix(pointer, FieldSchema(pointer, workflow, transition, situation)?.Source ?? Value.Null));
        return new(key, guard.Message, Values(guard.Rule, facts), [.. fixes], guard.Rule.Explain(facts));
    }

    public static Reason PostAction(string message, Rule rule, Value facts) => new(ReasonKeys.PostAction, new(message), Values(rule, facts), [], rule.Explain(facts));

    private static Dictionary<string, Value> Values(Rule rule, Value facts) =>
        rule.Variables.ToDictionary(path => path, path => JsonPointer.Find(facts, "/" + path.Replace('.', '/')) ?? Value.Null);

    private static JsonSchema? FieldSchema(string pointer, Workflow workflow, Transition transition, Situation situation)
    {
        var end = pointer.IndexOf('/', 1);
        if (end < 0) return null;
        var root = pointer[1..end] switch
        {
            "entity" => workflow.Subjects.GetValueOrDefault(situation.Project.Subject.Type),
            "project" => workflow.Fields.GetValueOrDefault(situation.Project.Type),
            "input" => transition.Input,
            _ => null,
        };
        return root?.At(pointer[end..]);
    }
}
