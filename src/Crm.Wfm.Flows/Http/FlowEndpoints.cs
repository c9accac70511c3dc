using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Http;

/// <summary>Maps the package's REST API.</summary>
public static class FlowEndpoints
{
    /// <summary>Maps <c>/runs</c>, to look at, and <c>/approvals</c>, to decide, below a prefix. Every endpoint requires authorization unless the returned group says otherwise.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="prefix">Path prefix, such as <c>/wfm</c>.</param>
    public static RouteGroupBuilder MapFlows(this IEndpointRouteBuilder routes, string prefix = "/wfm")
    {
        var group = routes.MapGroup(prefix).WithWfmRequests();
        var runs = group.MapGroup("/runs").WithTags("Runs");
        ListRuns.Map(runs);
        GetRun.Map(runs);
        var approvals = group.MapGroup("/approvals").WithTags("Approvals");
        ListApprovals.Map(approvals);
        DecideApproval.Map(approvals);
        return group;
    }
}
