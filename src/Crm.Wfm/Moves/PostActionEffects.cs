using Crm.Wfm.Events;
using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Moves;

/// <summary>Computes what a transition's post-actions do; each sees what those before it have set. One that cannot be computed is a reason to refuse.</summary>
internal sealed class PostActionEffects(Transition transition, ProjectState project, Value facts)
{
    private readonly FactObjectBuilder _entity = new();
    private readonly List<(string, Value)> _events = [];
    private readonly List<PlannedAction> _actions = [];
    private readonly List<Reason> _refusals = [];
    private FactObject? _fields;
    private FactObject _data = facts.AsObject!;

    /// <summary>Gets the reasons for which actions were left out.</summary>
    public IReadOnlyList<Reason> Refusals => _refusals;

    public Effects Compute()
    {
        if (transition.PostActions.Count == 0) return Effects.None;
        for (var i = 0; i < transition.PostActions.Count; i++)
        {
            var action = transition.PostActions[i];
            if (Compute(action, i, action.When, Value.True) is not { } wanted || !Coercion.Truthy(in wanted)) continue;
            if (Compute(action, i, action.Value, Value.Null) is { } value) Plan(action, i, value);
        }

        return new(_entity.Build(), _fields, _events, _actions);
    }

    private void Plan(PostAction action, int number, Value value)
    {
        switch (action.Do)
        {
            case "set": Set(JsonPointer.Tokens(action.Target!)!, value); break;
            case "emit": Emit(action, number, value); break;
            default: _actions.Add(new(action, value)); break;
        }
    }

    private void Set(string[] path, Value value)
    {
        _data = JsonPointer.Set(_data, path, value);
        if (path[0] == "entity") _entity[path[1]] = _data["entity"][path[1]];
        else _fields = JsonPointer.Set(_fields ?? project.Fields, path.AsSpan(1), value);
    }

    // {"do":"emit","value":"crm.deal.won"} or {"do":"emit","value":{"type":…,"data":…}} by way of a rule.
    private void Emit(PostAction action, int number, Value value)
    {
        var (type, data) = value.AsText is { } text ? (text, Value.Null) : (value["type"].AsText ?? "", value["data"]);
        if (EventTypes.MayEmit(type)) _events.Add((type, data));
        else Refuse(action, number, action.Value!, $"computed '{type}', which is no event type of its own");
    }

    /// <summary>Evaluates a rule of an action; <c>null</c> when it ended in an error, which was told.</summary>
    private Value? Compute(PostAction action, int number, Rule? rule, Value otherwise)
    {
        if (rule is null) return otherwise;
        var outcome = rule.Evaluate(Value.From(_data));
        if (!outcome.IsError) return outcome.Value;
        Refuse(action, number, rule, $"ended in the error {outcome.Problem}");
        return null;
    }

    private void Refuse(PostAction action, int number, Rule rule, string why) =>
        _refusals.Add(GateReasons.PostAction($"The action {number + 1} ({action.Do}) of {transition.Key} {why}.", rule, Value.From(_data)));
}
