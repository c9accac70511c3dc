using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Studio;

/// <summary>What a run did, from its journal, and what goes on in it, from its state.</summary>
internal sealed class RunTrace
{
    private readonly Dictionary<int, TracedExecution> _executions = [];

    private RunTrace(Guid run, RunState? state, Flow? flow) => (Run, State, Flow) = (run, state, flow);

    public Guid Run { get; }

    /// <summary>Gets the flow; <c>null</c> when this host cannot run it.</summary>
    public Flow? Flow { get; }

    /// <summary>Gets what is kept of it between bursts; <c>null</c> when it has come to its end, or cannot be read here.</summary>
    public RunState? State { get; }

    /// <summary>Gets what its activities did, in order.</summary>
    public IReadOnlyList<TracedEntry> Entries { get; private set; } = [];

    /// <summary>Gets every time it came by an activity, in order.</summary>
    public IReadOnlyCollection<TracedExecution> Executions => _executions.Values;

    public TracedExecution? Find(int execution) => _executions.GetValueOrDefault(execution);

    /// <summary>Reads a run of the workspace at hand; <c>null</c> when there is none.</summary>
    public static async Task<RunTrace?> ReadAsync(DbContext db, Guid workspace, Guid run, FlowLibrary library, ActivityCatalog activities, CancellationToken ct)
    {
        var rows = await db.QueryAsync("select definition, finished_at is not null, state, created_at, updated_at from wfm_flows.run where id = $1", [run],
            r => (Definition: r.GetInt32(0), HasEnded: r.GetBoolean(1), State: r.GetValue(2) as string, CreatedAt: r.GetFieldValue<DateTimeOffset>(3), UpdatedAt: r.GetFieldValue<DateTimeOffset>(4)), ct);
        if (rows is not [var row]) return null;
        var flow = (await library.FindAsync(db, workspace, row.Definition, ct)).Flow;
        var state = row.State is null ? null : await StateAsync(row.State, run, workspace, flow, db, library, ct);
        var trace = new RunTrace(run, state, flow);
        trace.Take(await RunStore.JournalAsync(db, run, ct));
        trace.TakeOpen(row.CreatedAt, row.HasEnded ? row.UpdatedAt : null);
        trace.Place(activities);
        return trace;
    }

    // What cannot be read here, for want of an activity, is shown by its journal alone.
    private static async Task<RunState?> StateAsync(string text, Guid run, Guid workspace, Flow? flow, DbContext db, FlowLibrary library, CancellationToken ct)
    {
        if (flow is null) return null;
        var state = new RunState { Id = run, Workspace = workspace };
        try
        {
            await StateText.ReadAsync(text, state, flow, async key =>
                (await library.FindAsync(db, workspace, int.Parse(key, System.Globalization.CultureInfo.InvariantCulture), ct)).Flow ?? throw new FlowException("a flow it uses as an activity is gone"));
            return state;
        }
        catch (FlowException)
        {
            return null;
        }
    }

    private void Take(IReadOnlyList<JournalEntry> journal)
    {
        var entries = new List<TracedEntry>();
        foreach (var entry in journal)
        {
            if (!_executions.TryGetValue(entry.Execution, out var execution))
            {
                execution = new(entry.Execution, entry.Activity, entry.Type, entry.Name, entry.Parent);
                // What people did with the run is no execution of an activity.
                if (entry.Execution > 0) _executions.Add(entry.Execution, execution);
            }

            var traced = new TracedEntry(entries.Count, entry, execution);
            entries.Add(traced);
            execution.Entries.Add(entry);
        }

        Entries = entries;
    }

    // What a run that has ended left open is over too.
    private void TakeOpen(DateTimeOffset createdAt, DateTimeOffset? endedAt)
    {
        foreach (var open in State?.Executions ?? [])
        {
            var definition = open.Node.Definition;
            if (!_executions.TryGetValue(open.Id, out var execution))
                _executions.Add(open.Id, execution = new(open.Id, definition.NodeId, definition.Type, definition.Name, open.Parent?.Id ?? 0));
            execution.Open = open;
            execution.LeftAt = endedAt;
        }

        // A container that still goes on has written nothing yet: it began when the first within it did.
        foreach (var execution in _executions.Values.OrderByDescending(e => e.Id).Where(e => e.StartedAt is null))
            execution.Began = _executions.Values.Where(e => e.Parent == execution.Id).Min(e => e.StartedAt) ?? createdAt;
    }

    /// <summary>Gives every execution its place in the whole: what runs in a flow used as an activity lies below that activity.</summary>
    private void Place(ActivityCatalog activities)
    {
        foreach (var execution in _executions.Values.OrderBy(e => e.Id))
        {
            execution.Within = Find(execution.Parent);
            for (var around = execution.Within; around is not null; around = around.Within)
            {
                if (around.Parent == 0 || activities.TryFind(around.Type, out _)) continue;
                execution.NodeId = NodeIds.Below(around.NodeId, execution.NodeId);
                break;
            }
        }
    }
}

/// <summary>One time a run came by an activity.</summary>
internal sealed class TracedExecution(int id, string nodeId, string type, string name, int parent)
{
    public int Id => id;

    public string NodeId { get; set; } = nodeId;

    public string ActivityId => NodeId[(NodeId.LastIndexOf(':') + 1)..];

    public string Type => type;

    public string Name => name;

    /// <summary>Gets the id of what it runs within; 0 for none.</summary>
    public int Parent => parent;

    public TracedExecution? Within { get; set; }

    public List<JournalEntry> Entries { get; } = [];

    /// <summary>Gets or sets it as the state has it; <c>null</c> when it no longer goes on.</summary>
    public Execution? Open { get; set; }

    public DateTimeOffset? Began { get; set; }

    public DateTimeOffset? StartedAt => Began ?? (Entries is [var first, ..] ? first.At - first.Duration : null);

    /// <summary>Gets or sets when the run ended that left it open; <c>null</c> when the run goes on.</summary>
    public DateTimeOffset? LeftAt { get; set; }

    public DateTimeOffset? EndedAt => Open is not null ? LeftAt : Entries is [.., var last] ? last.At : null;

    public bool IsWaiting => Open is { Status: ExecutionStatus.Waiting } && LeftAt is null;

    public int Failures => Entries.Count(e => e.Kind is JournalKind.Faulted or JournalKind.Retrying);

    public string Status => Open switch
    {
        { Status: ExecutionStatus.Faulted } => "Faulted",
        not null when LeftAt is not null => "Canceled",
        { Status: ExecutionStatus.Calling } => "Pending",
        not null => "Running",
        null => Entries is [.., var last] ? last.Kind switch { JournalKind.Completed => "Completed", JournalKind.Faulted => "Faulted", _ => "Canceled" } : "Canceled",
    };
}

/// <summary>An entry of the journal and its place in it.</summary>
internal sealed record TracedEntry(int Sequence, JournalEntry Entry, TracedExecution Execution)
{
    public string EventName => Entry.Kind.ToString();
}

/// <summary>The ids from the root to an activity.</summary>
internal static class NodeIds
{
    /// <summary>What every flow's node ids begin with.</summary>
    public const string Root = "Workflow1";

    /// <summary>Places an activity of a flow below the activity it is used as.</summary>
    public static string Below(string activity, string nodeId) => nodeId.StartsWith(Root + ":", StringComparison.Ordinal) ? activity + nodeId[Root.Length..] : nodeId == Root ? activity : nodeId;
}
