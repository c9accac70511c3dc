using Crm.Entities.ApiKeys;
using Crm.Host.Flows;
using Crm.Host.Realtime;
using Crm.Wfm.Flows.Studio;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Authentication;

/// <summary>What somebody who is signed in may do at all, on every route there is: keys within their scopes, and cookies on pages of our own alone.</summary>
internal static class Scopes
{
    private static readonly PathString[] Listening = [ChangesHub.Path, StudioRights.Hubs];

    public static void UseScopes(this WebApplication app) => app.Use((http, next) => Refuse(http) is { } refused ? refused.ExecuteAsync(http) : next(http));

    private static ProblemHttpResult? Refuse(HttpContext http)
    {
        if (http.User.Identity?.IsAuthenticated != true) return null;
        var listens = Listening.Any(p => http.Request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase));
        var needed = listens || IsSafe(http.Request.Method) || http.GetEndpoint()?.Metadata.GetMetadata<ReadingPost>() is not null ? ApiKeyScopes.Read : ApiKeyScopes.Write;
        if (!SignedIn.Scopes(http).Contains(needed)) return Problems.Forbidden($"This API key has no scope {needed}.");
        // No browser keeps a page of another site from opening a WebSocket and reading it.
        if ((listens || needed == ApiKeyScopes.Write) && SessionAuthentication.IsByCookie(http.Request) && !IsSameOrigin(http.Request)) return Problems.Forbidden("Another site sent this.");
        return null;
    }

    /// <summary>Tells whether a browser's request comes from a page of this origin. Who sends neither header is no browser of today, and uses a token.</summary>
    public static bool IsSameOrigin(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
        ? site == "same-origin"
        : request.Headers.Origin == $"{request.Scheme}://{request.Host}";

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
