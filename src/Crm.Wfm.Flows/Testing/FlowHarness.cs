using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Crm.Wfm.Flows.Testing;

/// <summary>
/// Flows that run in memory on a clock of their own, by the interpreter that runs them in production: for unit tests, and for trying a flow. Activities that speak with the
/// outside do so for real; those of the host need the services they ask for.
/// </summary>
/// <example><code>
/// var flows = new FlowHarness();
/// flows.Publish(File.ReadAllText("flows/follow-up.json"));
/// var run = await flows.StartAsync("follow-up", Value.Parse("""{"deal": "Acme"}"""));
/// await flows.AdvanceAsync(TimeSpan.FromDays(3));
/// run.Lines.ShouldBe(["Call Acme"]);
/// </code></example>
public sealed class FlowHarness : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly ActivityCatalog _activities;
    private readonly List<Flow> _flows = [];
    private readonly List<FlowDefinition> _drafts = [];
    private readonly List<HarnessRun> _runs = [];
    private readonly List<(string Signal, Value Payload)> _kept = [];
    private readonly Queue<Func<CancellationToken, Task>> _ready = [];
    private readonly FlowOptions _options;

    /// <summary>Makes a harness with the package's activities and more.</summary>
    /// <param name="services">Registers services the activities need.</param>
    /// <param name="activities">Activities of the host's own.</param>
    /// <param name="options">Limits; <c>null</c> for the defaults, without retries.</param>
    public FlowHarness(Action<IServiceCollection>? services = null, IEnumerable<Type>? activities = null, FlowOptions? options = null)
    {
        var own = activities?.ToList() ?? [];
        _activities = new(own);
        _options = options ?? new FlowOptions { Retries = 0 };
        var collection = new ServiceCollection();
        services?.Invoke(collection);
        collection.AddLogging().AddOutside();
        foreach (var activity in _activities.All.Select(a => a.Class).Where(c => c.IsAssignableTo(typeof(IFlowActivity)))) collection.TryAddTransient(activity);
        _services = collection.BuildServiceProvider();
    }

    /// <summary>Gets the time it is; moved by <see cref="AdvanceAsync"/>.</summary>
    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Gets all runs, in the order they were started.</summary>
    public IReadOnlyList<HarnessRun> Runs => _runs;

    /// <summary>Gets the earliest time something waits for; <c>null</c> when nothing does.</summary>
    public DateTimeOffset? NextDue => _runs.Where(r => r.State.Status == RunStatus.Suspended).Select(r => r.State.Due).Min();

    /// <summary>Publishes a flow; one of the same definition id takes the place of the one before.</summary>
    /// <param name="definition">An Elsa 3 workflow definition as JSON.</param>
    /// <exception cref="FlowRefusedException">It could not run as it was drawn: every fault is named.</exception>
    public string Publish(string definition) => Publish(Value.Parse(definition));

    /// <inheritdoc cref="Publish(string)"/>
    public string Publish(Value definition)
    {
        var faults = new List<Fault>();
        var flow = Read(definition, faults);
        if (flow is null) throw new FlowRefusedException(faults);
        _flows.RemoveAll(f => f.Definition.DefinitionId == flow.Definition.DefinitionId);
        _flows.Add(flow);
        return flow.Definition.DefinitionId;
    }

    /// <summary>Takes in flows that others use as activities; they may use each other. One that could not run stays a draft, and faults the run that comes to it.</summary>
    /// <returns>Every fault, with pointers relative to its definition.</returns>
    public IReadOnlyList<Fault> Include(IReadOnlyList<Value> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        var faults = new List<Fault>();
        _drafts.AddRange(definitions.Select(d => FlowReader.Read(d, faults)).OfType<FlowDefinition>());
        foreach (var definition in definitions)
            if (Read(definition, faults) is { } flow) _flows.Add(flow);
        return faults;
    }

    /// <summary>Starts a run of a flow and runs everything until only waits are left.</summary>
    /// <param name="definitionId">The flow.</param>
    /// <param name="input">Its inputs, an object.</param>
    /// <param name="correlationId">Its correlation id.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<HarnessRun> StartAsync(string definitionId, Value input = default, string? correlationId = null, CancellationToken ct = default)
    {
        var flow = _flows.FindLast(f => f.Definition.DefinitionId == definitionId) ?? throw new ArgumentException($"There is no flow '{definitionId}'.", nameof(definitionId));
        var run = Start(Guid.CreateVersion7(Now), flow, input, correlationId, parent: null, trigger: null, told: null);
        await SettleAsync(ct);
        return run;
    }

    /// <summary>Tells an event: starts the flows it triggers, and lets those go on that wait for it.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="data">What there is to tell.</param>
    /// <param name="subject">What it is about, such as <c>deal/7</c>.</param>
    /// <param name="ct">Cancels.</param>
    public Task TellAsync(string type, Value data = default, string subject = "record/1", CancellationToken ct = default)
    {
        Tell(EventTrigger.Canonical(type), data, subject);
        return SettleAsync(ct);
    }

    private void Tell(string type, Value data, string subject)
    {
        var told = new WfmEvent
        {
            Id = Guid.CreateVersion7(Now), Workspace = Workspace.Default, Type = type, Subject = subject, Time = Now, Actor = Guid.Empty, Correlation = Guid.CreateVersion7(Now),
            Data = data.IsNull ? Value.From(FactObject.Empty) : data,
        };
        var triggers = from flow in _flows
                       from node in EventTriggers.Of(flow)
                       where node.Descriptor!.Class == typeof(EventTrigger) && EventTrigger.Canonical(node.Known("eventName").AsText ?? "") == type
                       select (flow, node);
        foreach (var (flow, node) in triggers.ToList()) Start(told.Id, flow, default, null, parent: null, node.Definition.NodeId, told);
        Send(Signals.Event(type), Value.From(told.ToCloudEvent()), isKept: false);
    }

    /// <summary>Sends a signal; kept for the first who will wait for it, when nobody does.</summary>
    public async Task SignalAsync(string signal, Value payload = default, CancellationToken ct = default)
    {
        Send(signal, payload, isKept: true);
        await SettleAsync(ct);
    }

    /// <summary>Lets time pass; everything that becomes due on the way goes on at its time.</summary>
    public Task AdvanceAsync(TimeSpan time, CancellationToken ct = default) => AdvanceToAsync(Now + time, ct);

    /// <summary>Lets time pass until then.</summary>
    public async Task AdvanceToAsync(DateTimeOffset until, CancellationToken ct = default)
    {
        while (NextDue is { } due && due <= until)
        {
            if (due > Now) Now = due;
            foreach (var run in _runs.Where(r => r.State.Status == RunStatus.Suspended && r.State.Due <= Now).ToList()) _ready.Enqueue(token => run.WakeAsync(token));
            await SettleAsync(ct);
        }

        if (until > Now) Now = until;
    }

    /// <inheritdoc/>
    public void Dispose() => _services.Dispose();

    private Flow? Read(Value definition, List<Fault> faults) => FlowCompiler.Compile(definition, _activities, IsFlow, faults);

    private bool IsFlow(ActivityDefinition activity) => Find(activity) is not null || _drafts.Exists(c => IsOf(c, activity));

    private Flow? Find(ActivityDefinition activity) =>
        _flows.Find(f => f.Definition.Id is { } id && id == activity.Source["workflowDefinitionVersionId"].AsText) ?? _flows.FindLast(f => IsOf(f.Definition, activity));

    private static bool IsOf(FlowDefinition flow, ActivityDefinition activity) =>
        FlowTypes.NameOf(flow) == activity.Type || flow.DefinitionId == activity.Source["workflowDefinitionId"].AsText || (flow.Id is { } id && id == activity.Source["workflowDefinitionVersionId"].AsText);

    private HarnessRun Start(Guid seed, Flow flow, Value input, string? correlationId, HarnessRun? parent, string? trigger, WfmEvent? told, Guid? id = null, bool isAwaited = false)
    {
        var state = new RunState
        {
            Id = id ?? seed, Workspace = Workspace.Default, Event = told, Cause = told is null ? parent?.State.Cause : new(told.Id, told.Correlation, told.Depth), CorrelationId = correlationId, Trigger = trigger,
        };
        foreach (var (name, value) in input.AsObject ?? FactObject.Empty) state.Input[name] = value;
        var run = new HarnessRun(this, state, flow, parent, isAwaited);
        state.WriteLine = run.Write;
        _runs.Add(run);
        _ready.Enqueue(run.BeginAsync);
        return run;
    }

    private void Send(string signal, Value payload, bool isKept)
    {
        var waiting = _runs.Where(r => r.WaitsFor(signal)).ToList();
        foreach (var run in waiting) _ready.Enqueue(token => run.SignalAsync(signal, payload, token));
        if (waiting.Count == 0 && isKept) _kept.Add((signal, payload));
    }

    private async Task SettleAsync(CancellationToken ct)
    {
        while (_ready.TryDequeue(out var next))
        {
            await next(ct);
            foreach (var kept in _kept.Where(k => _runs.Exists(r => r.WaitsFor(k.Signal))).ToList())
            {
                _kept.Remove(kept);
                Send(kept.Signal, kept.Payload, isKept: true);
            }
        }
    }

    internal BurstSettings Settings() => new()
    {
        Services = _services,
        Now = Now,
        Time = TimeProvider.System,
        MaxSteps = _options.MaxSteps,
        Timeout = _options.Timeout,
        Retry = _options.Retry,
        Strategy = _options.Incidents,
        FindFlow = (node, _) => ValueTask.FromResult(Find(node.Definition)),
    };

    internal void Follow(HarnessRun run)
    {
        foreach (var dispatched in run.State.Dispatched.ToList())
        {
            if (_flows.FindLast(f => f.Definition.DefinitionId == dispatched.Request.DefinitionId) is { } flow)
                Start(dispatched.Id, flow, dispatched.Request.Input, dispatched.Request.CorrelationId, run, trigger: null, told: null, dispatched.Id, dispatched.Request.IsAwaited);
            else if (dispatched.Request.IsAwaited) Send(Signals.RunEnded(dispatched.Id), End("faulted", new Dictionary<string, Value>()), isKept: true);
        }

        foreach (var told in run.State.Told) Tell(told.Type, told.Data, told.Subject);
        foreach (var signal in run.State.Signals) SendOwn(run, signal);
        run.State.Sent = default;
        if (run.IsAwaited && !run.IsOpen) Send(Signals.RunEnded(run.State.Id), End(run.Status, run.State.Output), isKept: true);
    }

    private void SendOwn(HarnessRun from, OwnSignal signal)
    {
        foreach (var run in _runs.Where(r => signal.IsLocal ? r == from : r.CorrelationId == signal.CorrelationId && r.WaitsFor(signal.Signal)).ToList())
            _ready.Enqueue(token => run.SignalAsync(signal.Signal, signal.Payload, token));
    }

    private static Value End(string status, IReadOnlyDictionary<string, Value> output)
    {
        var outputs = new FactObjectBuilder();
        foreach (var (name, value) in output) outputs[name] = value;
        return Value.From(new FactObjectBuilder { ["status"] = Value.From(status), ["output"] = Value.From(outputs.Build()) }.Build());
    }
}
