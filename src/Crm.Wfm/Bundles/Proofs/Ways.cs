using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>A transition taken from a step.</summary>
internal readonly record struct Edge(string From, Transition Transition);

/// <summary>The ways through a workflow's graph.</summary>
internal sealed class Ways
{
    private readonly Dictionary<string, List<Transition>> _from = new(StringComparer.Ordinal);
    private readonly List<Transition> _fromAll = [];

    public Ways(Workflow workflow)
    {
        Workflow = workflow;
        foreach (var transition in workflow.Transitions)
        {
            if (transition.From is EveryStepBut) _fromAll.Add(transition);
            else foreach (var step in transition.From) (_from.TryGetValue(step, out var list) ? list : _from[step] = []).Add(transition);
        }
    }

    public Workflow Workflow { get; }

    /// <summary>Lists what leads on from a step.</summary>
    public IEnumerable<Transition> From(string step) => _from.GetValueOrDefault(step, []).Concat(_fromAll.Where(t => t.To != step));

    /// <summary>Lists what leads on from a step and names it; what leaves every step is not listed.</summary>
    public IReadOnlyList<Transition> Named(string step) => _from.GetValueOrDefault(step, []);

    /// <summary>Finds the steps there are ways to, the first one included.</summary>
    public HashSet<string> ReachedFrom(string start)
    {
        // What leaves every step leaves the first: its targets need no walk.
        var reached = _fromAll.Select(t => t.To).Append(start).ToHashSet(StringComparer.Ordinal);
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out var step))
        {
            foreach (var to in Named(step).Select(t => t.To).Where(reached.Add)) next.Enqueue(to);
        }

        return reached;
    }

    /// <summary>Finds the steps from which there are ways to one of these, these included.</summary>
    public HashSet<string> Reaching(IEnumerable<string> targets)
    {
        var reaching = targets.ToHashSet(StringComparer.Ordinal);
        var into = Workflow.Transitions.ToLookup(t => t.To, StringComparer.Ordinal);
        var next = new Queue<string>(reaching);
        while (next.TryDequeue(out var step))
        {
            foreach (var from in into[step].SelectMany(t => reaching.Count == Workflow.Steps.Count ? [] : t.From).Where(reaching.Add)) next.Enqueue(from);
        }

        return reaching;
    }

    /// <summary>Finds the shortest way between two steps; <c>null</c> when there is none, an empty one to where one is.</summary>
    public IReadOnlyList<Edge>? Path(string start, string target)
    {
        var came = new Dictionary<string, Edge?>(StringComparer.Ordinal) { [start] = null };
        var next = new Queue<string>([start]);
        while (next.TryDequeue(out var step) && !came.ContainsKey(target))
        {
            // What leaves every step leaves the first.
            foreach (var transition in (step == start ? From(step) : Named(step)).Where(t => !came.ContainsKey(t.To)))
            {
                came[transition.To] = new Edge(step, transition);
                next.Enqueue(transition.To);
            }
        }

        if (!came.ContainsKey(target)) return null;
        var path = new List<Edge>();
        for (var at = target; came[at] is { } edge; at = edge.From) path.Insert(0, edge);
        return path;
    }
}
