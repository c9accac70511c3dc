using Crm.Wfm.Flows.Compiling;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Starts a flow by a calendar, or waits for its next time.</summary>
[FlowActivity("Elsa.Cron", "Scheduling", "Starts the flow by a calendar; in the middle of a flow it waits for the next time.", IsTrigger = true, IsPure = true)]
internal sealed class Cron : IFlowActivity, ICheckedActivity
{
    [FlowInput("The cron expression of six fields, seconds first, in UTC: 0 0 9 * * MON-FRI.")]
    public required string CronExpression { get; init; }

    // Of what starts a flow, FlowStart says it.
    public static void Check(ActivityCheck drawn)
    {
        if (!drawn.IsTrigger && drawn.Known("cronExpression").AsText is { } text && CronText.Problem(text) is { } problem) drawn.Fault("cronExpression", "cron", problem);
    }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        if (flow.IsTriggerOfRun) return Task.FromResult(ActivityResult.Done);
        try
        {
            var next = CronText.Read(CronExpression).GetNextValidTimeAfter(flow.Now) ?? throw new FlowException($"{CronExpression} never comes again");
            return Task.FromResult<ActivityResult>(new ActivityResult.Suspended(new Wait.Until(next)));
        }
        catch (FormatException e)
        {
            throw new FlowException($"'{CronExpression}': {e.Message}");
        }
    }
}
