using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>
/// Decides what runs next, as Elsa's flowcharts do by default: an activity with several inbound connections waits until all of them were visited and runs when one was
/// followed; when none was it is passed over, and what comes after it likewise. A connection that leads back runs its target at once. Only joins are counted: an activity
/// with one inbound connection runs whenever that is followed.
/// </summary>
internal sealed class Counters
{
    private readonly ContainerContext _at;
    private readonly ChartGraph _graph;
    private readonly Dictionary<string, int> _visits;
    private readonly Dictionary<string, FlowNode> _nodes;

    public Counters(ContainerContext at)
    {
        _at = at;
        _graph = Flowchart.GraphOf(at);
        _nodes = at.Node.Children.ToDictionary(n => n.Definition.Id, StringComparer.Ordinal);
        _visits = (at.State["visits"].AsObject ?? FactObject.Empty).ToDictionary(v => v.Key, v => (int)v.Value.AsNumber, StringComparer.Ordinal);
    }

    /// <summary>Goes on from an activity by some of its outcomes; by none when it was passed over.</summary>
    public void Follow(FlowNode done, IReadOnlyList<string> outcomes, bool isAgain)
    {
        FollowAll(done, outcomes, isAgain);
        Keep();
        if (!_at.HasPending && !_at.HasFaulted) _at.Complete();
    }

    /// <summary>Counts as if an activity were about to run for the first time: what it leads to was not come by, and what leads there on other ways was, as it was or else followed.</summary>
    public void StandAt(FlowNode next)
    {
        var after = After(next.Definition.Id);
        foreach (var join in after.Where(_graph.IsJoin))
        {
            _visits.Remove(Key(_nodes[join]));
            foreach (var connection in _graph.Inbound(join))
            {
                if (after.Contains(connection.Source))
                {
                    _visits.Remove(Key(connection));
                    _visits.Remove(Followed(connection));
                }
                else
                {
                    _visits[Key(connection)] = 1;
                    _visits.TryAdd(Followed(connection), 1);
                }
            }
        }

        _at.State = Value.From((_at.State.AsObject ?? FactObject.Empty).With("visits", Value.From(FactObject.Empty)));
        Keep();
    }

    private HashSet<string> After(string activity)
    {
        var after = new HashSet<string> { activity };
        var open = new Queue<string>(after);
        while (open.TryDequeue(out var at))
            foreach (var connection in _graph.Outbound(at).Where(c => !_graph.LeadsBack(c)))
                if (after.Add(connection.Target)) open.Enqueue(connection.Target);
        return after;
    }

    private void FollowAll(FlowNode done, IReadOnlyList<string> outcomes, bool isAgain)
    {
        if (!isAgain && _graph.IsJoin(done.Definition.Id)) Add(Key(done));
        foreach (var connection in _graph.Outbound(done.Definition.Id))
        {
            var isFollowed = outcomes.Contains(connection.Port);
            var target = _nodes[connection.Target];
            if (!_graph.LeadsBack(connection)) Reach(connection, target, isFollowed);
            else if (isFollowed) _at.Schedule(target, isAgain: true);
        }
    }

    private void Reach(Connection connection, FlowNode target, bool isFollowed)
    {
        if (!_graph.IsJoin(target.Definition.Id))
        {
            if (isFollowed) _at.Schedule(target);
            else FollowAll(target, [], isAgain: false);
            return;
        }

        Add(Key(connection));
        _visits[Followed(connection)] = isFollowed ? 1 : 0;
        var inbound = _graph.Inbound(target.Definition.Id).ToList();
        switch (target.Definition.Type == "Elsa.FlowJoin" ? Mode(target) : "WaitAllActive")
        {
            case "WaitAny": ReachAny(connection, target, inbound); break;
            case "WaitAll" when inbound.Min(Visits) > Visits(target): Go(target, inbound.TrueForAll(c => IsLatest(c, inbound))); break;
            case "WaitAllActive" when inbound.Min(Visits) > Visits(target): Go(target, inbound.Exists(c => IsLatest(c, inbound))); break;
        }
    }

    private void ReachAny(Connection connection, FlowNode target, List<Connection> inbound)
    {
        if (Visits(connection) <= Visits(target) || _at.IsQueued(target)) return;
        if (inbound.Max(Visits) > Visits(target) && inbound.Exists(c => IsLatest(c, inbound)))
        {
            _at.Schedule(target);
            Keep();
            var before = _graph.Before(target.Definition.Id);
            _at.Cancel(n => before.Contains(n.Definition.Id));
            Read();
        }
        else if (inbound.Min(Visits) > Visits(target))
        {
            FollowAll(target, [], isAgain: false);
        }
    }

    private void Go(FlowNode target, bool isRun)
    {
        if (isRun) _at.Schedule(target);
        else FollowAll(target, [], isAgain: false);
    }

    private string Mode(FlowNode join) => _at.EvaluateOf(join, "mode").AsText ?? "WaitAny";

    private bool IsLatest(Connection connection, List<Connection> inbound) => Visits(connection) == inbound.Max(Visits) && _visits.GetValueOrDefault(Followed(connection)) == 1;

    private int Visits(FlowNode node) => _visits.GetValueOrDefault(Key(node));

    private int Visits(Connection connection) => _visits.GetValueOrDefault(Key(connection));

    private void Add(string key) => _visits[key] = _visits.GetValueOrDefault(key) + 1;

    private static string Key(FlowNode node) => $"a{node.Index}";

    private string Key(Connection connection) => $"c{_graph.Number(connection)}";

    private string Followed(Connection connection) => $"f{_graph.Number(connection)}";

    private void Read()
    {
        _visits.Clear();
        foreach (var (key, count) in _at.State["visits"].AsObject ?? FactObject.Empty) _visits[key] = (int)count.AsNumber;
    }

    private void Keep()
    {
        if (_visits.Count == 0) return;
        var visits = new FactObjectBuilder();
        foreach (var (key, count) in _visits) visits[key] = Value.From(count);
        _at.State = Value.From((_at.State.AsObject ?? FactObject.Empty).With("visits", Value.From(visits.Build())));
    }
}
