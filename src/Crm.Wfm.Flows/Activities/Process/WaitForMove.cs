using Crm.Wfm.Events;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>
/// Waits for a move of one project. It looks at the project twice: before it waits, and once more when it is known that it does, so that no move between the two is missed.
/// </summary>
[FlowActivity("Wfm.WaitForMove", "Process", "Waits until a project reaches a step, or takes a transition; goes on at once when it is in the step already.", Outcomes = ["Moved", "TimedOut", "NotFound"])]
internal sealed class WaitForMove(HostContext host, EventFeed feed) : IResumableActivity
{
    [FlowInput("The project's id.")]
    public Guid? Project { get; init; }

    [FlowInput("Or the record it governs, such as deal/7; without both the one the run's event is about.")]
    public string? Subject { get; init; }

    [FlowInput("The step it is to reach; any, when it is not given.")]
    public string? Step { get; init; }

    [FlowInput("The transition it is to take; any, when it is not given.")]
    public string? Transition { get; init; }

    [FlowInput("A rule over the move, which is event: event.data.from, event.data.to, event.data.category, event.actorid.", Syntax = "JsonLogic", IsLazy = true, Hint = "code-editor")]
    public Value Filter { get; init; }

    [FlowInput("How long to wait, such as P3D; for ever, when it is not given.")]
    public TimeSpan? Timeout { get; init; }

    [FlowOutput("The step it is in.")]
    public string? ReachedStep { get; private set; }

    [FlowOutput("The move's event; nothing when the project was in the step already.")]
    public Value Result { get; private set; }

    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        if (await Projects.FindAsync(host, flow, Project, Subject, ct) is not { } found) return new ActivityResult.Completed("NotFound");
        if (IsThere(flow, found.Step)) return There(found.Step);
        var due = Timeout is { } timeout ? flow.Now + timeout : (DateTimeOffset?)null;
        flow.State = Value.From(new FactObjectBuilder
        {
            ["project"] = Value.From(found.Id), ["subject"] = Value.From(found.Subject), ["seen"] = Value.From(found.Version), ["due"] = due is { } at ? Value.From(at) : Value.Null,
        }.Build());
        return Wait(flow, new Wait.Until(flow.Now));
    }

    public async Task<ActivityResult> ResumeAsync(FlowContext flow, Happened happened, CancellationToken ct)
    {
        if (happened.Signal is not null) return IsMeant(flow, happened.Payload) ? Moved(happened.Payload) : Wait(flow);
        if (await MissedAsync(flow, ct) is { } missed) return missed;
        return Due(flow) <= flow.Now ? new ActivityResult.Completed("TimedOut") : Wait(flow);
    }

    /// <summary>Looks for moves since the project was seen first.</summary>
    private async Task<ActivityResult?> MissedAsync(FlowContext flow, CancellationToken ct)
    {
        var project = Guid.Parse(flow.State["project"].AsText!);
        if (await Projects.FindAsync(host, flow, project, null, ct) is not { } found) return new ActivityResult.Completed("NotFound");
        if (found.Version == (int)flow.State["seen"].AsNumber) return null;
        var moves = await host.Db.QueryAsync("select id from wfm.event where subject = $1 and type = $2 order by sequence", [found.Subject, EventTypes.ProjectMoved], r => r.GetGuid(0), ct);
        foreach (var id in moves)
        {
            var told = Value.From((await feed.FindAsync(id, ct))!.ToCloudEvent());
            if (told["data"]["version"].AsNumber > flow.State["seen"].AsNumber && IsMeant(flow, told)) return Moved(told);
        }

        return IsThere(flow, found.Step) ? There(found.Step) : null;
    }

    private bool IsThere(FlowContext flow, string step) => Step is { Length: > 0 } && Step == step && string.IsNullOrEmpty(Transition) && flow.RuleOf("filter") is null;

    private bool IsMeant(FlowContext flow, Value told)
    {
        var data = told["data"];
        if (data["project"].AsText != flow.State["project"].AsText) return false;
        if (Step is { Length: > 0 } && data["to"].AsText != Step) return false;
        if (Transition is { Length: > 0 } && data["transition"].AsText != Transition) return false;
        return flow.RuleOf("filter") is not { } rule || rule.Holds(Value.From(flow.Facts.AsObject!.With("event", told)));
    }

    private ActivityResult.Completed Moved(Value told)
    {
        (Result, ReachedStep) = (told, told["data"]["to"].AsText);
        return new("Moved");
    }

    private ActivityResult.Completed There(string step)
    {
        ReachedStep = step;
        return new("Moved");
    }

    private static ActivityResult.Suspended Wait(FlowContext flow, params Wait[] more)
    {
        var waits = new List<Wait>(more) { new Wait.For(Signals.EventOf(EventTypes.ProjectMoved, flow.State["subject"].AsText!)) };
        if (Due(flow) is { } due) waits.Add(new Wait.Until(due));
        return new(waits);
    }

    private static DateTimeOffset? Due(FlowContext flow) => flow.State["due"].AsText is { } due ? DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture) : null;
}
