using Crm.Wfm.Flows.Definitions;

namespace Crm.Wfm.Flows.Compiling;

/// <summary>
/// The connections of a flowchart as seen from where it starts: those that lead on, and those that lead back into a loop. What cannot be reached from there counts for
/// nothing, so that a join does not wait for another trigger's branch.
/// </summary>
internal sealed class ChartGraph
{
    private readonly string _start;
    private readonly ILookup<string, Connection> _outbound;
    private readonly ILookup<string, Connection> _inbound;
    private readonly ILookup<string, Connection> _allInbound;
    private readonly HashSet<Connection> _forward;
    private readonly Dictionary<string, HashSet<string>> _next = [];
    private readonly Dictionary<Connection, int> _numbers = [];

    public ChartGraph(IReadOnlyList<Connection> connections, string start)
    {
        _start = start;
        var distinct = connections.Distinct().ToList();
        for (var i = 0; i < distinct.Count; i++) _numbers[distinct[i]] = i;
        _outbound = distinct.ToLookup(c => c.Source);
        _allInbound = distinct.ToLookup(c => c.Target);
        _forward = Forward();
        _inbound = _forward.ToLookup(c => c.Target);
    }

    public IEnumerable<Connection> Outbound(string activity) => _outbound[activity];

    /// <summary>Lists what an activity waits for: all that leads on to it.</summary>
    public IEnumerable<Connection> Inbound(string activity) => _inbound[activity];

    /// <summary>Lists all that leads to an activity, also what leads back.</summary>
    public IEnumerable<Connection> AllInbound(string activity) => _allInbound[activity];

    /// <summary>Gets whether several ways lead on to an activity, so that it has to be counted how often they were gone.</summary>
    public bool IsJoin(string activity) => _inbound[activity].Skip(1).Any();

    public bool LeadsBack(Connection connection) => !_forward.Contains(connection);

    /// <summary>Gets a connection's number, the same in every run.</summary>
    public int Number(Connection connection) => _numbers[connection];

    /// <summary>Lists the activities from which a way leads on to an activity.</summary>
    public IReadOnlySet<string> Before(string activity)
    {
        var before = new HashSet<string>();
        var open = new Queue<string>([activity]);
        while (open.TryDequeue(out var at))
            foreach (var connection in _inbound[at])
                if (before.Add(connection.Source)) open.Enqueue(connection.Source);
        return before;
    }

    /// <summary>Lists the connections that lead back to an activity the flow need not have come by: there is no loop to run again.</summary>
    public IEnumerable<Connection> Astray()
    {
        var reached = Reached(without: null);
        return from back in reached.SelectMany(source => _outbound[source]).Where(LeadsBack).GroupBy(c => c.Target)
               let around = Reached(without: back.Key)
               from connection in back
               where around.Contains(connection.Source)
               select connection;
    }

    // Breadth first, in the order of the connections: of a cycle, the connection met last leads back.
    private HashSet<Connection> Forward()
    {
        var forward = new HashSet<Connection>();
        var left = new HashSet<string>();
        var queue = new Queue<string>([_start]);
        while (queue.TryDequeue(out var source))
        {
            if (!left.Add(source)) continue;
            foreach (var connection in _outbound[source])
            {
                if (LeadsTo(connection.Target, source)) continue;
                forward.Add(connection);
                Next(source).Add(connection.Target);
                queue.Enqueue(connection.Target);
            }
        }

        return forward;
    }

    private bool LeadsTo(string from, string to) => from == to || Reached(from, without: null).Contains(to);

    private HashSet<string> Reached(string? without) => Reached(_start, without);

    private HashSet<string> Reached(string from, string? without)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out var at))
        {
            if (at == without || !reached.Add(at)) continue;
            foreach (var next in Next(at)) open.Push(next);
        }

        return reached;
    }

    private HashSet<string> Next(string activity) => _next.TryGetValue(activity, out var next) ? next : _next[activity] = [];
}
