using Crm.Wfm.Events;
using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Moves;

/// <summary>Computes what a transition's post-actions do; each sees what those before it have set.</summary>
internal static class PostActionEffects
{
    public static Effects Compute(Transition transition, ProjectState project, Value facts)
    {
        if (transition.PostActions.Count == 0) return Effects.None;
        var data = facts.AsObject!;
        var entity = new FactObjectBuilder();
        FactObject? fields = null;
        var events = new List<(string, Value)>();
        var actions = new List<PostAction>();
        foreach (var action in transition.PostActions)
        {
            if (action.When?.Holds(Value.From(data)) is false) continue;
            switch (action.Do)
            {
                case "set":
                    var path = JsonPointer.Tokens(action.Target!)!;
                    var value = action.Value?.Evaluate(Value.From(data)) ?? Value.Null;
                    data = JsonPointer.Set(data, path, value);
                    if (path[0] == "entity") entity[path[1]] = data["entity"][path[1]];
                    else fields = JsonPointer.Set(fields ?? project.Fields, path.AsSpan(1), value);
                    break;
                case "emit":
                    events.Add(Emitted(transition, action.Value!.Evaluate(Value.From(data))));
                    break;
                default:
                    actions.Add(action);
                    break;
            }
        }

        return new(entity.Build(), fields, events, actions);
    }

    // {"do":"emit","value":"crm.deal.won"} or {"do":"emit","value":{"type":…,"data":…}} by way of a rule.
    private static (string, Value) Emitted(Transition transition, Value value)
    {
        var (type, data) = value.AsText is { } text ? (text, Value.Null) : (value["type"].AsText ?? "", value["data"]);
        return EventTypes.MayEmit(type) ? (type, data) : throw new InvalidOperationException($"An emit of {transition.Key} computed '{type}', which is no event type of its own.");
    }
}
