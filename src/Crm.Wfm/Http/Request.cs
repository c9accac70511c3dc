using System.Security.Claims;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Http;

/// <summary>Who asks, in which languages; filled by <see cref="RequestFilter"/> before a handler runs.</summary>
public sealed class CurrentRequest
{
    /// <summary>Gets or sets who asks.</summary>
    public Actor Actor { get; set; } = Actor.System;

    /// <summary>Gets or sets the languages of the answer, the best first.</summary>
    public IReadOnlyList<string> Languages { get; set; } = [];
}

/// <summary>Gives every request its actor and workspace, refuses faulty bodies, and opens the one transaction a read lives in.</summary>
internal sealed class RequestFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        var wfm = services.GetRequiredService<WfmBuilder>();
        if ((wfm.ActorOf ?? ActorOfClaims)(http) is not { } actor) return TypedResults.Unauthorized();
        var request = services.GetRequiredService<CurrentRequest>();
        request.Actor = actor;
        request.Languages = [.. http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.ToString())];
        if (wfm.WorkspaceOf is { } workspace) services.GetRequiredService<CurrentWorkspace>().Id = workspace(http);
        if (context.Arguments.OfType<IBody>().FirstOrDefault() is { Faults: { Count: > 0 } faults } body) return Problems.Faulty(faults, body.Status);
        if (!HttpMethods.IsGet(http.Request.Method)) return await next(context);

        var host = services.GetRequiredService<HostContext>();
        return await host.ExecuteAsync(async ct =>
        {
            await using var transaction = await host.BeginAsync(ct);
            return await next(context);
        }, http.RequestAborted);
    }

    private static Actor? ActorOfClaims(HttpContext http)
    {
        var id = http.User.FindFirstValue("sub") ?? http.User.FindFirstValue(ClaimTypes.NameIdentifier);
        return Guid.TryParse(id, out var user) ? new(user, [.. http.User.FindAll(ClaimTypes.Role).Select(c => c.Value)]) : null;
    }
}
