using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Testing;

/// <summary>A run in memory. Between bursts its state goes through the text it would sleep as.</summary>
public sealed class HarnessRun
{
    private readonly FlowHarness _harness;
    private readonly Flow _flow;
    private readonly HarnessRun? _parent;
    private readonly List<string> _lines = [];

    internal HarnessRun(FlowHarness harness, RunState state, Flow flow, HarnessRun? parent, bool isAwaited) => (_harness, State, _flow, _parent, IsAwaited) = (harness, state, flow, parent, isAwaited);

    /// <summary>Gets the lines its <c>WriteLine</c> activities wrote, those of runs it started among them.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Gets how far it is: <c>suspended</c>, <c>finished</c> or <c>faulted</c>.</summary>
    public string Status => State.Status.ToString().ToLowerInvariant();

    /// <summary>Gets its outputs.</summary>
    public IReadOnlyDictionary<string, Value> Output => State.Output;

    /// <summary>Gets why activities failed, as <c>activity: reason</c>.</summary>
    public IReadOnlyList<string> Incidents => [.. State.Incidents.Select(i => $"{i.NodeId}: {i.Message}")];

    /// <summary>Gets what ran, in order, as <c>activity outcome</c>; what did not complete with its status in place of the outcome.</summary>
    public IReadOnlyList<string> Journal =>
        [.. State.Journal.Select(j => $"{j.Activity.Split(':')[^1]} {(j.Kind == JournalKind.Completed ? string.Join(',', j.Outcomes) : j.Kind.ToString().ToLowerInvariant())}")];

    /// <summary>Gets its name.</summary>
    public string? Name => State.Name;

    /// <summary>Gets its correlation id.</summary>
    public string? CorrelationId => State.CorrelationId;

    /// <summary>Gets the signals it waits for.</summary>
    public IReadOnlyList<string> Waits => [.. State.Executions.SelectMany(e => e.Waits).OfType<Wait.For>().Select(w => w.Signal)];

    internal RunState State { get; private set; }

    internal bool IsAwaited { get; }

    internal bool IsOpen => State.Status is RunStatus.Pending or RunStatus.Suspended;

    internal bool WaitsFor(string signal) => IsOpen && Waits.Contains(signal);

    internal void Write(string line)
    {
        _lines.Add(line);
        _parent?.Write(line);
        Written?.Invoke(line);
    }

    /// <summary>Raised for each line as it is written; for the run that was started first it tells those of all others.</summary>
    internal Action<string>? Written { get; set; }

    internal Task BeginAsync(CancellationToken ct) => BurstAsync((burst, _) =>
    {
        burst.Begin(_flow);
        return Task.CompletedTask;
    }, ct);

    internal Task WakeAsync(CancellationToken ct) => BurstAsync(async (burst, token) =>
    {
        foreach (var execution in State.Executions.Where(e => e.Waits.OfType<Wait.Until>().Any(w => w.Due <= _harness.Now)).ToList())
            if (State.Executions.Contains(execution)) await burst.ResumeAsync(execution, new(null, Value.Null), token);
    }, ct);

    internal Task SignalAsync(string signal, Value payload, CancellationToken ct) => BurstAsync(async (burst, token) =>
    {
        foreach (var execution in State.Executions.Where(e => e.Waits.Contains(new Wait.For(signal))).ToList()) await burst.ResumeAsync(execution, new(signal, payload), token);
    }, ct);

    private async Task BurstAsync(Func<Burst, CancellationToken, Task> first, CancellationToken ct)
    {
        if (!IsOpen) return;
        await SleepAsync();
        var settings = _harness.Settings();
        var burst = new Burst(State, settings);
        try
        {
            await first(burst, ct);
            await burst.ContinueAsync(ct);
            while (burst.Calls is { Count: > 0 } calls)
            {
                foreach (var call in calls) await burst.TakeAsync(call, await OutsideCall.CallAsync(State, call, settings, ct), ct);
                await burst.ContinueAsync(ct);
            }
        }
        catch (FlowException e)
        {
            State.Incidents.Add(new(0, _flow.Workflow.Definition.NodeId, "Elsa.Workflow", e.Message, _harness.Now, 1));
            State.Status = RunStatus.Faulted;
        }

        _harness.Follow(this);
    }

    // As in production, where another host may wake it.
    private async Task SleepAsync()
    {
        if (State.Executions.Count == 0) return;
        var woken = new RunState
        {
            Id = State.Id, Workspace = State.Workspace, Event = State.Event, Cause = State.Cause, CorrelationId = State.CorrelationId, Name = State.Name, Trigger = State.Trigger, Status = State.Status, WriteLine = State.WriteLine,
        };
        var flows = State.Executions.Select(e => e.Flow).OfType<Flow>().DistinctBy(f => f.Key).ToDictionary(f => f.Key);
        await StateText.ReadAsync(StateText.Write(State), woken, _flow, key => ValueTask.FromResult(flows[key]));
        woken.Journal.AddRange(State.Journal);
        State = woken;
    }
}

/// <summary>A flow that could not run as it was drawn.</summary>
/// <param name="faults">Every fault.</param>
public sealed class FlowRefusedException(IReadOnlyList<Fault> faults) : Exception(string.Join(Environment.NewLine, faults.Select(f => $"{f.Pointer}: {f.Message} [{f.Key}]")))
{
    /// <summary>Gets every fault, with pointers relative to the definition.</summary>
    public IReadOnlyList<Fault> Faults => faults;
}
