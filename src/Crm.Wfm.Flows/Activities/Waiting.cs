using System.Text.Json;
using Crm.Wfm.Events;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Waits for some time.</summary>
[FlowActivity("Elsa.Delay", "Scheduling", "Waits for some time before it goes on.", IsPure = true, Ignored = ["strategy", "autoBlockingThreshold"])]
internal sealed class Delay : IFlowActivity
{
    [FlowInput("How long, such as PT1H or 1.00:00:00.")]
    public required TimeSpan TimeSpan { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult<ActivityResult>(new ActivityResult.Suspended(new Wait.Until(flow.Now + TimeSpan)));
}

/// <summary>Starts a flow at a time, or waits for it.</summary>
[FlowActivity("Elsa.StartAt", "Scheduling", "Starts the flow at a time; in the middle of a flow it waits for it.", IsTrigger = true, IsPure = true)]
internal sealed class StartAt : IFlowActivity
{
    [FlowInput("When, such as 2026-12-24T09:00:00Z.")]
    public required DateTimeOffset DateTime { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) =>
        Task.FromResult(flow.IsTriggerOfRun || DateTime <= flow.Now ? ActivityResult.Done : new ActivityResult.Suspended(new Wait.Until(DateTime)));
}

/// <summary>Starts a flow again and again, or waits for some time.</summary>
[FlowActivity("Elsa.Timer", "Scheduling", "Starts the flow again and again; in the middle of a flow it waits once.", IsTrigger = true, IsPure = true)]
internal sealed class Timer : IFlowActivity
{
    [FlowInput("How long from one time to the next, such as PT1H or 01:00:00.")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) =>
        Task.FromResult(flow.IsTriggerOfRun ? ActivityResult.Done : new ActivityResult.Suspended(new Wait.Until(flow.Now + Interval)));
}

/// <summary>Starts the flow when an event of a type was told, or waits for one; its output is the event.</summary>
[FlowActivity("Elsa.Event", "Primitives", "Starts the flow when an event of this type is told; in the middle of a flow it waits for one.", IsTrigger = true, IsPure = true)]
internal sealed class EventTrigger : IResumableActivity
{
    [FlowInput("The type, such as crm.deal.assigned; crm/deal.assigned is the same.")]
    public required string EventName { get; init; }

    [FlowOutput("The event: id, type, subject, time, actorid, data and the rest of its CloudEvents form.")]
    public Value Result { get; private set; }

    /// <summary>Gives the one spelling of an event type.</summary>
    public static string Canonical(string eventName)
    {
        var dotted = eventName.Trim().Replace('/', '.');
        if (EventTypes.MayEmit(dotted) || dotted.StartsWith("wfm.", StringComparison.Ordinal)) return dotted;
        // A name of Elsa's, for which any text will do: Order placed is flow.order-placed.
        var words = JsonNamingPolicy.KebabCaseLower.ConvertName(dotted).Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '.' ? c : '-');
        return "flow." + string.Concat(words).Trim('-', '.').Replace("..", ".", StringComparison.Ordinal);
    }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        if (!flow.IsTriggerOfRun) return Task.FromResult<ActivityResult>(new ActivityResult.Suspended(new Wait.For(Signals.Event(Canonical(EventName)))));
        Result = flow.Facts["event"];
        return Task.FromResult(ActivityResult.Done);
    }

    public Task<ActivityResult> ResumeAsync(FlowContext flow, Happened happened, CancellationToken ct)
    {
        Result = happened.Payload;
        return Task.FromResult(ActivityResult.Done);
    }
}
