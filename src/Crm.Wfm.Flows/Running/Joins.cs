using Crm.Wfm.Flows.Definitions;

namespace Crm.Wfm.Flows.Running;

/// <summary>
/// Decides what runs next, as Elsa's flowcharts do: an activity with several inbound connections waits until all of them were visited and runs when one was followed; when
/// none was it is passed over, and what comes after it likewise. A connection that leads back runs its target at once.
/// </summary>
internal sealed class Joins(FlowGraph graph)
{
    private readonly Dictionary<string, int> _activityVisits = [];
    private readonly Dictionary<Connection, int> _connectionVisits = [];
    private readonly HashSet<Connection> _followed = [];
    private readonly Queue<Next> _queue = [];

    /// <summary>An activity to run.</summary>
    /// <param name="Activity">Its id.</param>
    /// <param name="IsAgain">Whether a loop came back to it: such a visit does not count, so that what follows it is run once more.</param>
    public readonly record struct Next(string Activity, bool IsAgain = false);

    public void Start(string activity) => _queue.Enqueue(new(activity));

    public bool TryNext(out Next next) => _queue.TryDequeue(out next);

    /// <summary>Goes on from an activity by one of its outcomes; <c>null</c>, when it was passed over, by none.</summary>
    public void Follow(Next done, string? outcome)
    {
        if (!done.IsAgain) _activityVisits[done.Activity] = Visits(done.Activity) + 1;
        foreach (var connection in graph.Outbound(done.Activity))
        {
            var isFollowed = connection.Port == outcome;
            Visit(connection, isFollowed);
            if (!graph.LeadsBack(connection)) Join(connection.Target);
            else if (isFollowed) _queue.Enqueue(new(connection.Target, IsAgain: true));
        }
    }

    private void Visit(Connection connection, bool isFollowed)
    {
        _connectionVisits[connection] = Visits(connection) + 1;
        if (isFollowed) _followed.Add(connection);
        else _followed.Remove(connection);
    }

    private void Join(string activity)
    {
        var inbound = graph.Inbound(activity).ToList();
        if (inbound.Min(Visits) <= Visits(activity)) return;
        var most = inbound.Max(Visits);
        if (inbound.Exists(c => Visits(c) == most && _followed.Contains(c))) _queue.Enqueue(new(activity));
        else Follow(new(activity), outcome: null);
    }

    private int Visits(string activity) => _activityVisits.GetValueOrDefault(activity);

    private int Visits(Connection connection) => _connectionVisits.GetValueOrDefault(connection);
}
