using Crm.Wfm.Events;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Tells an event: to everybody, to the runs of one correlation id, or to this run alone.</summary>
[FlowActivity("Elsa.PublishEvent", "Primitives", "Tells an event, which starts flows and lets those go on that wait for it.", Title = "Publish event", IsPure = true)]
internal sealed class PublishEvent : IFlowActivity
{
    [FlowInput("The event's name; shop.order.placed is told as it is, Order placed as flow.order-placed.")]
    public required string EventName { get; init; }

    [FlowInput("Lets only runs that wait hear it whose correlation id this is.")]
    public string? CorrelationId { get; init; }

    [FlowInput("Lets only this run hear it.")]
    public bool IsLocalEvent { get; init; }

    [FlowInput("What there is to tell.")]
    public Value Payload { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var type = EventTrigger.Canonical(EventName);
        if (!EventTypes.MayEmit(type)) throw new FlowException($"'{type}' is no event a flow may tell: the package tells of moves itself");
        var correlation = string.IsNullOrWhiteSpace(CorrelationId) ? null : CorrelationId;
        if (!IsLocalEvent && correlation is null) flow.Tell(type, Payload);
        else flow.Send(new(Signals.Event(type), Told(flow, type), IsLocalEvent, correlation));
        return Task.FromResult(ActivityResult.Done);
    }

    // What does not go by the outbox looks as if it had.
    private Value Told(FlowContext flow, string type) => Value.From(new FactObjectBuilder
    {
        ["specversion"] = Value.From("1.0"),
        ["id"] = Value.From(flow.IdempotencyKey),
        ["source"] = Value.From($"/workspaces/{flow.Workspace}"),
        ["type"] = Value.From(type),
        ["subject"] = Value.From($"run/{flow.Run}"),
        ["time"] = Value.From(flow.Now),
        ["data"] = Payload,
    }.Build());
}

/// <summary>Asks the application for something, and waits until it reports back.</summary>
[FlowActivity("Elsa.RunTask", "Primitives", "Asks for a task by an event, and waits until its result is reported.", Title = "Run task", IsPure = true)]
internal sealed class RunTask : IResumableActivity
{
    /// <summary>The event that asks for a task: data is <c>{taskId, taskName, payload, run}</c>.</summary>
    public const string Requested = "flow.task.requested";

    /// <summary>The event that tells that somebody reported one done: data is <c>{taskId, run}</c>.</summary>
    public const string Completed = "flow.task.completed";

    [FlowInput("What is to be done.")]
    public required string TaskName { get; init; }

    [FlowInput("What there is to know for it, by name.", Hint = "dictionary")]
    public Value Payload { get; init; }

    [FlowOutput("The task's id, with which its result is reported.")]
    public string? TaskId { get; private set; }

    [FlowOutput("The task's result.")]
    public Value Result { get; private set; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        TaskId = flow.IdempotencyKey;
        flow.Tell(Requested, Value.From(new FactObjectBuilder
        {
            ["taskId"] = Value.From(TaskId), ["taskName"] = Value.From(TaskName), ["payload"] = Payload, ["run"] = Value.From(flow.Run),
        }.Build()));
        return Task.FromResult<ActivityResult>(new ActivityResult.Suspended(new Wait.For(Signals.TaskDone(TaskId))));
    }

    public Task<ActivityResult> ResumeAsync(FlowContext flow, Happened happened, CancellationToken ct)
    {
        (TaskId, Result) = (flow.IdempotencyKey, happened.Payload);
        return Task.FromResult(ActivityResult.Done);
    }
}
