using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Http;

/// <summary>Lets requests reach flows.</summary>
public static class FlowRequestEndpoints
{
    /// <summary>
    /// Maps every path below a prefix to the flows that begin, or wait, with an <c>Elsa.HttpEndpoint</c> of that path. Whoever may reach it may reach them, but for endpoints that
    /// ask for somebody signed in; <c>RequireAuthorization</c> on what is returned asks it of all.
    /// </summary>
    /// <param name="routes">The application.</param>
    /// <param name="prefix">Path prefix.</param>
    /// <param name="configure">Says whose flows requests are for, and what they may hold.</param>
    public static IEndpointConventionBuilder MapFlowRequests(this IEndpointRouteBuilder routes, string prefix = "/workflows", Action<FlowRequestOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(prefix);
        var options = new FlowRequestOptions();
        configure?.Invoke(options);
        return routes.Map($"{prefix.TrimEnd('/')}/{{**path}}", (HttpContext http, string? path, FlowRequests requests) => requests.AnswerAsync(http, path ?? "", options)).ExcludeFromDescription();
    }
}
