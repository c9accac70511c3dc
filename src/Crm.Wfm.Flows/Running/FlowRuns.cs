using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Running;

/// <summary>Starts runs of the workspace at hand, and speaks to them. Everything happens in the transaction at hand where there is one, and in one of its own where there is none.</summary>
public sealed class FlowRuns
{
    private const int MaxKey = 200;

    private readonly HostContext _host;
    private readonly FlowLibrary _library;
    private readonly RunSignal _signal;
    private readonly TimeProvider _time;
    private readonly string _publisherRole;

    internal FlowRuns(HostContext host, FlowLibrary library, RunSignal signal, TimeProvider time, string publisherRole) =>
        (_host, _library, _signal, _time, _publisherRole) = (host, library, signal, time, publisherRole);

    private DbContext Db => _host.Db;

    /// <summary>Starts a run, which a runner takes up at once. A draft that has run is settled: it never changes again.</summary>
    public async Task<StartResult> StartAsync(NewStart start, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(start);
        var faults = Unreadable(start);
        if (faults.Count > 0) return new StartResult.Faulty(faults);
        var result = await _host.InTransactionAsync(token => StartOnceAsync(start, token), ct);
        if (result is StartResult.Started { IsNew: true }) _signal.Ring();
        return result;
    }

    /// <summary>Sends a signal to a run, kept for it until it waits for it.</summary>
    /// <returns>Whether there is such a run that goes on.</returns>
    public async Task<bool> SignalAsync(Guid run, string signal, Value payload, CancellationToken ct)
    {
        var isSent = await _host.InTransactionAsync(token => SignalStore.SendToAsync(Db, run, signal, payload, _time.GetUtcNow(), token), ct);
        if (isSent) _signal.Ring();
        return isSent;
    }

    private async Task<StartResult> StartOnceAsync(NewStart start, CancellationToken ct)
    {
        if (await FindAsync(start, ct) is not { } version) return new StartResult.NotFound();
        var now = _time.GetUtcNow();
        var key = start.IdempotencyKey is { } given ? $"start {version.DefinitionId} {given}" : null;
        if (await StartedAsync(key, ct) is { } known) return new StartResult.Started(known, IsNew: false);
        // From here on nobody overwrites the draft.
        if (!version.IsSettled) await Db.ExecuteAsync("select from wfm_flows.definition where number = $1 for update", [version.Number], ct);
        var flow = (await _library.FindAsync(Db, _host.Workspace, version.Number, ct)).Flow;
        var faults = new List<Fault>();
        var trigger = flow is null ? null : TriggerOf(flow, start.TriggerActivityId, faults);
        if (flow is null) faults.Add(new("", "not-runnable", "The flow could not run as it is drawn: publish it to see why."));
        else CheckInputs(flow.Definition, start.Input, faults);
        if (flow is not null && !version.IsSettled && start.By is { } actor) LentRoles.Check(flow, actor, _publisherRole, faults);
        if (faults.Count > 0) return new StartResult.Faulty(faults);
        if (await Activation.RefusalAsync(Db, version.Number, start.CorrelationId, ct) is { } why) return new StartResult.CannotStart(why);
        if (!version.IsSettled) await DefinitionStore.SettleAsync(Db, version.Number, ct);
        var run = new NewRun
        {
            Id = RunIds.New(now), Definition = version.Number, Trigger = trigger, CorrelationId = start.CorrelationId, IdempotencyKey = key,
            Input = start.Input.AsObject?.ToDictionary(i => i.Key, i => i.Value, StringComparer.Ordinal),
        };
        return await RunStore.InsertAsync(Db, [run], now, ct) is [var id] ? new StartResult.Started(id, IsNew: true) : new StartResult.Started((await StartedAsync(key, ct))!.Value, IsNew: false);
    }

    private async Task<DefinitionSummary?> FindAsync(NewStart start, CancellationToken ct)
    {
        if (start.VersionId is { } id) return (await DefinitionStore.ListAsync(Db, "where d.id = $1 and d.definition_id = $2", [id, start.DefinitionId], ct)).SingleOrDefault();
        var (meant, number) = DefinitionList.Meant(start.Version, "$2");
        return (await DefinitionStore.ListAsync(Db, $"where d.definition_id = $1 and {meant} order by d.version desc limit 1", [start.DefinitionId, .. number], ct)).SingleOrDefault();
    }

    private async Task<Guid?> StartedAsync(string? key, CancellationToken ct) =>
        key is not null && await Db.QueryAsync("select id from wfm_flows.run where idempotency_key = $1", [key], r => r.GetGuid(0), ct) is [var id] ? id : null;

    private static List<Fault> Unreadable(NewStart start)
    {
        var faults = new List<Fault>();
        if (!start.Input.IsNull && start.Input.AsObject is null) faults.Add(new("/input", "type", "must be an object: inputs by name"));
        if (start.IdempotencyKey is { Length: 0 or > MaxKey }) faults.Add(new("/idempotencyKey", "value", $"a key has 1 to {MaxKey} characters"));
        if (start.CorrelationId is { Length: > MaxKey }) faults.Add(new("/correlationId", "value", $"a correlation id has at most {MaxKey} characters"));
        return faults;
    }

    private static void CheckInputs(FlowDefinition flow, Value given, List<Fault> faults)
    {
        foreach (var input in flow.Inputs)
            if (TypeNames.Convert(given[input.Name], input.TypeName, input.IsArray) is null) faults.Add(new($"/input{JsonPointer.Token(input.Name)}", "type", input.IsArray ? "is no list" : $"is no {input.TypeName}"));
    }

    private static string? TriggerOf(Flow flow, string? id, List<Fault> faults)
    {
        if (id is null) return null;
        var triggers = EventTriggers.Of(flow).ToList();
        if (triggers.Find(t => t.Definition.NodeId == id || t.Definition.Id == id) is { } trigger) return trigger.Definition.NodeId;
        faults.Add(new("/triggerActivityId", "unknown-reference", $"no trigger of the flow is '{id}'{Closest.Hint(id, triggers.Select(t => t.Definition.Id))}"));
        return null;
    }
}

/// <summary>A run to start.</summary>
/// <param name="DefinitionId">The flow: the id all its versions share.</param>
public sealed record NewStart(string DefinitionId)
{
    /// <summary>Gets which version; the published one by default.</summary>
    public VersionOptions Version { get; init; } = VersionOptions.Published;

    /// <summary>Gets the version by its own id, in place of <see cref="Version"/>.</summary>
    public string? VersionId { get; init; }

    /// <summary>Gets who starts it: a draft that acts in roles starts only for somebody who could publish it. <c>null</c> for the host itself, which may.</summary>
    public Actor? By { get; init; }

    /// <summary>Gets the inputs by name; what is not given has its default.</summary>
    public Value Input { get; init; }

    /// <summary>Gets what the run belongs to.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Gets the id, or node id, of the trigger to begin at; <c>null</c> for the flow's start.</summary>
    public string? TriggerActivityId { get; init; }

    /// <summary>Gets a key that starts a run once, however often it is asked for; 200 characters at most.</summary>
    public string? IdempotencyKey { get; init; }
}

/// <summary>What came of starting a run.</summary>
public abstract record StartResult
{
    private StartResult()
    {
    }

    /// <summary>It is started.</summary>
    /// <param name="Run">Its id.</param>
    /// <param name="IsNew">Whether this call started it; otherwise one before did, by the same idempotency key.</param>
    public sealed record Started(Guid Run, bool IsNew) : StartResult;

    /// <summary>There is no such flow, or not that version of it, or it is another workspace's.</summary>
    public sealed record NotFound : StartResult;

    /// <summary>Its activation strategy does not let it start now.</summary>
    /// <param name="Why">Why, in words.</param>
    public sealed record CannotStart(string Why) : StartResult;

    /// <summary>It could not run as it is drawn, or an input is none of its type.</summary>
    /// <param name="Faults">Every fault.</param>
    public sealed record Faulty(IReadOnlyList<Fault> Faults) : StartResult;
}
