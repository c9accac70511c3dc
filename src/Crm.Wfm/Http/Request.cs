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

/// <summary>Gives every request its actor and workspace, refuses faulty bodies, and opens the one transaction a read lives in; writes too, where they are asked to be one.</summary>
internal sealed class RequestFilter(bool writesInOneTransaction) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        if (WfmCaller.ActorOf(http) is not { } actor) return TypedResults.Unauthorized();
        var request = services.GetRequiredService<CurrentRequest>();
        request.Actor = actor;
        request.Languages = [.. http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.ToString())];
        if (services.GetRequiredService<WfmBuilder>().WorkspaceOf is { } workspace) services.GetRequiredService<CurrentWorkspace>().Id = workspace(http);
        if (context.Arguments.OfType<IBody>().FirstOrDefault() is { Faults: { Count: > 0 } faults } body) return Problems.Faulty(faults, body.Status);
        var isRead = HttpMethods.IsGet(http.Request.Method);
        if (!isRead && !writesInOneTransaction) return await next(context);

        var host = services.GetRequiredService<HostContext>();
        return await host.ExecuteAsync(async ct =>
        {
            await using var transaction = await host.BeginAsync(ct);
            var result = await next(context);
            if (!isRead && HttpResult.IsSuccess(result)) await transaction.CommitAsync(ct);
            return result;
        }, http.RequestAborted);
    }
}

/// <summary>Looks at what a handler returned, before it is written.</summary>
internal static class HttpResult
{
    /// <summary>Takes a result out of the union it was returned in.</summary>
    public static object? Of(object? result) => result is INestedHttpResult nested ? nested.Result : result;

    /// <summary>Tells whether the answer will be a success: a status of 2xx, or a plain value.</summary>
    public static bool IsSuccess(object? result) => Of(result) is not IStatusCodeHttpResult { StatusCode: { } status } || status is >= 200 and < 300;
}
