using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>
/// Decides what runs next by tokens, as Elsa's flowcharts do where activities say how branches merge: each followed connection carries a token to its target. <c>Stream</c>
/// runs unless something before it is still to come; <c>Merge</c> when every connection that leads on to it has brought a token; <c>Converge</c> when every connection at all has;
/// <c>Cascade</c> runs at the first and lets the others pass; <c>Race</c> does so too and cancels what is still going on before it.
/// </summary>
internal sealed class Tokens
{
    private readonly ContainerContext _at;
    private readonly ChartGraph _graph;
    private readonly Dictionary<string, FlowNode> _nodes;
    private readonly List<Token> _tokens;

    public Tokens(ContainerContext at)
    {
        _at = at;
        _graph = Flowchart.GraphOf(at);
        _nodes = at.Node.Children.ToDictionary(n => n.Definition.Id, StringComparer.Ordinal);
        _tokens = [.. Kept(at.State)];
    }

    /// <summary>Gets how branches merge before an activity; <c>null</c> where it does not say.</summary>
    public static string? MergeMode(FlowNode node) => node.Definition.Source["customProperties"]["mergeMode"].AsText is { Length: > 0 } mode && mode != "None" ? mode : null;

    public void Follow(FlowNode done, IReadOnlyList<string> outcomes)
    {
        var followed = _graph.Outbound(done.Definition.Id).Where(c => outcomes.Contains(c.Port)).ToList();
        _tokens.AddRange(followed.Select(c => new Token(c.Source, c.Port, c.Target)));
        Consume(t => t.Target == done.Definition.Id && t.IsFree);
        foreach (var connection in followed) Reach(connection, done);
        _tokens.RemoveAll(t => t.Target == done.Definition.Id && t.IsConsumed);
        Keep();
        if (!_at.HasPending && !_at.HasFaulted) _at.Complete();
    }

    public void Forget(FlowNode cancelled)
    {
        _tokens.RemoveAll(t => t.Source == cancelled.Definition.Id || t.Target == cancelled.Definition.Id);
        Keep();
        if (!_at.HasPending && !_at.HasFaulted) _at.Complete();
    }

    private void Reach(Connection connection, FlowNode done)
    {
        var target = _nodes[connection.Target];
        switch (ModeOf(target))
        {
            case "Race":
                var before = _graph.Before(target.Definition.Id);
                Keep();
                _at.Cancel(n => before.Contains(n.Definition.Id));
                _tokens.Clear();
                _tokens.AddRange(Kept(_at.State));
                Cascade(connection, target, done);
                break;
            case "Cascade": Cascade(connection, target, done); break;
            case "Merge": Gather(target, [.. _graph.Inbound(target.Definition.Id)]); break;
            case "Converge": Gather(target, [.. _graph.AllInbound(target.Definition.Id)]); break;
            default:
                if (!_graph.Inbound(target.Definition.Id).Any(c => _tokens.Exists(t => t.IsFree && t.Target == c.Source))) _at.Schedule(target);
                break;
        }
    }

    private void Cascade(Connection connection, FlowNode target, FlowNode done)
    {
        if (_tokens.FindIndex(t => t.Is(connection) && t.IsBlocked) is var blocked and >= 0)
        {
            _tokens[blocked] = _tokens[blocked] with { IsBlocked = false, IsConsumed = true };
            return;
        }

        _at.Schedule(target);
        foreach (var other in _graph.Inbound(target.Definition.Id).Where(c => c.Source != done.Definition.Id)) _tokens.Add(new(other.Source, other.Port, other.Target, IsBlocked: true));
    }

    private void Gather(FlowNode target, List<Connection> inbound)
    {
        if (inbound.Count <= 1 || inbound.TrueForAll(c => _tokens.Exists(t => t.IsFree && t.Is(c)))) _at.Schedule(target);
    }

    private string ModeOf(FlowNode target) => target.Definition.Type != "Elsa.FlowJoin" ? MergeMode(target) ?? "Stream"
        : (_at.EvaluateOf(target, "mode").AsText ?? "WaitAny") == "WaitAny" ? "Race" : "Merge";

    private void Consume(Predicate<Token> which)
    {
        for (var i = 0; i < _tokens.Count; i++)
            if (which(_tokens[i])) _tokens[i] = _tokens[i] with { IsConsumed = true };
    }

    private static List<Token> Kept(Value state)
    {
        var kept = new List<Token>();
        foreach (var token in state["tokens"].AsList) kept.Add(new(token["s"].AsText!, token["p"].AsText!, token["t"].AsText!, token["b"].AsBoolean, token["c"].AsBoolean));
        return kept;
    }

    private void Keep() => _at.State = Value.From((_at.State.AsObject ?? FactObject.Empty).With("tokens", Value.From([.. _tokens.Select(t => t.Value)])));

    private sealed record Token(string Source, string Port, string Target, bool IsBlocked = false, bool IsConsumed = false)
    {
        public bool IsFree => !IsBlocked && !IsConsumed;

        public bool Is(Connection connection) => (Source, Port, Target) == (connection.Source, connection.Port, connection.Target);

        public Value Value => Value.From(new FactObjectBuilder
        {
            ["s"] = Value.From(Source),
            ["p"] = Value.From(Port),
            ["t"] = Value.From(Target),
            ["b"] = Value.From(IsBlocked),
            ["c"] = Value.From(IsConsumed),
        }.Build());
    }
}
