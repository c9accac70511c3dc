using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Crm.Wfm.Http;

/// <summary>Takes tokens from where browsers can put one when they open a WebSocket.</summary>
public static class QueryTokens
{
    /// <summary>Takes a bearer token out of <c>?access_token=</c>, below these paths alone, and out of the address, lest it be written down. Goes before <c>UseAuthentication</c>.</summary>
    /// <param name="app">The application.</param>
    /// <param name="paths">Where hubs are.</param>
    public static IApplicationBuilder UseQueryTokens(this IApplicationBuilder app, params IReadOnlyList<PathString> paths) => app.Use((http, next) =>
    {
        if (paths.Any(p => http.Request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase)) && http.Request.Query.TryGetValue("access_token", out var token))
        {
            if (http.Request.Headers.Authorization.Count == 0) http.Request.Headers.Authorization = $"Bearer {token}";
            http.Request.QueryString = QueryString.Create(http.Request.Query.Where(q => q.Key != "access_token"));
        }

        return next(http);
    });
}
