using Crm.Host.Authentication;
using Crm.Wfm.Flows.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Flows;

/// <summary>
/// Where requests reach flows: open to the world, for who may reach a flow its endpoint says. A request is for the workspace of whoever came in, the default one when nobody said who they are; credentials
/// that are no good meant another one, and reach none.
/// </summary>
internal static class FlowDoor
{
    public static void MapFlowDoor(this WebApplication app) => app.MapFlowRequests("/workflows", o => o.Workspace = SignedIn.WorkspaceOrDefault).AllowAnonymous()
        .AddEndpointFilter((invocation, next) => IsUnknown(invocation.HttpContext) ? ValueTask.FromResult<object?>(Refused(invocation.HttpContext)) : next(invocation));

    private static bool IsUnknown(HttpContext http) => http.User.Identity is not { IsAuthenticated: true }
        && (ApiKeyAuthentication.Bearer(http.Request) is not null || (SessionAuthentication.IsByCookie(http.Request) && http.Request.Cookies.ContainsKey(AuthenticationSetup.Cookie)));

    private static ProblemHttpResult Refused(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return TypedResults.Problem("The key, token or cookie is not good, or no longer; without one a request is for the default workspace.", statusCode: StatusCodes.Status401Unauthorized,
            type: "urn:crm-wfm:problem:unauthorized", title: "Unauthorized");
    }
}
