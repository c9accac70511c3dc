using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Http;

/// <summary>Maps the package's REST API.</summary>
public static class WfmEndpoints
{
    /// <summary>Maps records, projects, moves, bundles and decisions below a prefix. Every endpoint requires authorization unless the returned group says otherwise.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="prefix">Path prefix, such as <c>/wfm</c>.</param>
    public static RouteGroupBuilder MapWfm(this IEndpointRouteBuilder routes, string prefix = "/wfm")
    {
        var group = routes.MapGroup(prefix).WithWfmRequests();

        var projects = group.MapGroup("/projects").WithTags("Projects");
        StartProject.Map(projects);
        ListProjects.Map(projects);
        GetProject.Map(projects);
        ListTransitions.Map(projects);
        MoveProject.Map(projects);
        ListHistory.Map(projects);

        var records = group.MapGroup("/records").WithTags("Records");
        CreateRecord.Map(records);
        ListRecords.Map(records);
        GetRecord.Map(records);
        UpdateRecord.Map(records);

        var bundles = group.MapGroup("/bundles").WithTags("Bundles");
        PublishBundle.Map(bundles);
        ListBundles.Map(bundles);
        GetBundle.Map(bundles);

        var decisions = group.MapGroup("/decisions").WithTags("Decisions");
        ListDecisions.Map(decisions);
        GetDecision.Map(decisions);
        EvaluateDecision.Map(decisions);

        var events = group.MapGroup("/events").WithTags("Events");
        ListEvents.Map(events);
        GetEvent.Map(events);
        ListParkedEvents.Map(events);
        RetryParkedEvents.Map(events);
        return group;
    }

    /// <summary>
    /// Maps <c>/{id}/transitions</c>, <c>/{id}/moves</c> and <c>/{id}/history</c> for records of a type: the project of the type's default process, by the record's own id.
    /// For a group of the host's own that speaks of such records; it needs no <see cref="WithWfmRequests"/>.
    /// </summary>
    /// <param name="records">Where the records are, such as <c>/orders</c>.</param>
    /// <param name="subjectType">Their type, such as <c>order</c>.</param>
    public static RouteGroupBuilder MapMovesOf(this IEndpointRouteBuilder records, string subjectType)
    {
        var group = records.MapGroup("").WithWfmRequests();
        SubjectMoves.Map(group, subjectType);
        return group;
    }

    /// <summary>
    /// Lets a host's own endpoints work as the package's do: authorization is required, <see cref="CurrentRequest"/> and the workspace are set, every fault of a
    /// <see cref="Body{T}"/> and of the query string is answered, and a GET runs in the one transaction that sees the workspace's rows.
    /// </summary>
    /// <param name="group">The endpoints.</param>
    /// <param name="writesInOneTransaction">Whether other requests run in one transaction as well, committed when the answer is a success; without it a handler begins its own with <c>BeginWorkspaceAsync</c>.</param>
    public static RouteGroupBuilder WithWfmRequests(this RouteGroupBuilder group, bool writesInOneTransaction = false)
    {
        ArgumentNullException.ThrowIfNull(group);
        group.RequireAuthorization().AddEndpointFilter(new RequestFilter(writesInOneTransaction)).AddEndpointFilterFactory(QueryFilter.Create);
        return group.ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized);
    }
}
