using System.Globalization;
using Crm.Entities.Accounts;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Accounts;

/// <summary>What people who sign in are told when they cannot.</summary>
internal static class AccountProblems
{
    public const string ChooseWorkspaceType = "choose-workspace";

    public static ProblemHttpResult Unauthorized(string why) => TypedResults.Problem(why, statusCode: StatusCodes.Status401Unauthorized, type: Problems.Urn + "unauthorized", title: "Unauthorized");

    public static ProblemHttpResult Wait(HttpContext http, TimeSpan wait)
    {
        http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem("Too many attempts; wait before the next one.", statusCode: StatusCodes.Status429TooManyRequests, type: Problems.Urn + "too-many-requests", title: "Too many requests");
    }

    public static ProblemHttpResult ChooseWorkspace(IEnumerable<Login> logins) => TypedResults.Problem(
        "This account is a member of several workspaces: name one.", statusCode: StatusCodes.Status409Conflict, type: Problems.Urn + ChooseWorkspaceType, title: "Choose workspace",
        extensions: new Dictionary<string, object?> { ["workspaces"] = logins.Select(l => new { id = l.WorkspaceId, name = l.Workspace }) });
}
