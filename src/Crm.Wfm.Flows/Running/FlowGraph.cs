using Crm.Wfm.Flows.Definitions;

namespace Crm.Wfm.Flows.Running;

/// <summary>
/// The connections of a flowchart as seen from where it starts: those that lead on, and those that lead back into a loop. What cannot be reached from there counts for
/// nothing, so that a join does not wait for another trigger's branch.
/// </summary>
internal sealed class FlowGraph
{
    private readonly string _start;
    private readonly ILookup<string, Connection> _outbound;
    private readonly ILookup<string, Connection> _inbound;
    private readonly HashSet<Connection> _forward;
    private readonly Dictionary<string, HashSet<string>> _next = [];

    public FlowGraph(IReadOnlyList<Connection> connections, string start)
    {
        _start = start;
        _outbound = connections.Distinct().ToLookup(c => c.Source);
        _forward = Forward();
        _inbound = _forward.ToLookup(c => c.Target);
    }

    public IEnumerable<Connection> Outbound(string activity) => _outbound[activity];

    /// <summary>Lists what an activity waits for: all that leads on to it.</summary>
    public IEnumerable<Connection> Inbound(string activity) => _inbound[activity];

    public bool LeadsBack(Connection connection) => !_forward.Contains(connection);

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
