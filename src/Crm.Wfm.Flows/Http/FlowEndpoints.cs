using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Http;

/// <summary>Maps the package's REST API.</summary>
public static class FlowEndpoints
{
    /// <summary>
    /// Maps <c>/flows</c>, <c>/runs</c>, <c>/approvals</c>, <c>/dead-letters</c> and <c>/metrics</c> below a prefix. Every endpoint requires authorization unless the returned group says otherwise; those that change, start or
    /// end something require the role that publishes bundles.
    /// </summary>
    /// <param name="routes">The application.</param>
    /// <param name="prefix">Path prefix, such as <c>/wfm</c>.</param>
    public static RouteGroupBuilder MapFlows(this IEndpointRouteBuilder routes, string prefix = "/wfm")
    {
        var group = routes.MapGroup(prefix).WithWfmRequests();
        var flows = group.MapGroup("/flows").WithTags("Flows");
        ListFlows.Map(flows);
        GetFlow.Map(flows);
        CreateFlow.Map(flows);
        SaveFlow.Map(flows);
        PublishFlow.Map(flows);
        RetractFlow.Map(flows);
        DeleteFlow.Map(flows);
        StartRun.Map(flows);
        var runs = group.MapGroup("/runs").WithTags("Runs");
        ListRuns.Map(runs);
        GetRun.Map(runs);
        SignalRun.Map(runs);
        CompleteTask.Map(runs);
        CancelRun.Map(runs);
        ResumeRun.Map(runs);
        RerunRun.Map(runs);
        var letters = group.MapGroup("/dead-letters").WithTags("Dead letters");
        ListDeadLetters.Map(letters);
        GetDeadLetter.Map(letters);
        ReplayDeadLetter.Map(letters);
        ReplayDeadLetters.Map(letters);
        DiscardDeadLetter.Map(letters);
        DiscardDeadLetters.Map(letters);
        ShowFlowMetrics.Map(group.MapGroup("/metrics").WithTags("Metrics"));
        var approvals = group.MapGroup("/approvals").WithTags("Approvals");
        ListApprovals.Map(approvals);
        DecideApproval.Map(approvals);
        return group;
    }
}
