using Crm.Wfm.Flows.Activities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Http;

/// <summary>202: the run goes on by itself; here is where to look for it.</summary>
internal sealed class RunPlace(Guid run) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status202Accepted;
        if (httpContext.RequestServices.GetService<LinkGenerator>()?.GetPathByName(httpContext, nameof(GetRun), new { id = run }) is { } path) httpContext.Response.Headers.Location = path;
        return httpContext.Response.WriteAsJsonAsync(new { run }, httpContext.RequestAborted);
    }
}

/// <summary>What the flow wrote.</summary>
internal sealed class WrittenAnswer(WrittenResponse answer) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = answer.Status;
        // A page of a flow's is on the host's origin, and not to do there what the host's own may.
        response.Headers.ContentSecurityPolicy = "sandbox";
        response.Headers.XContentTypeOptions = "nosniff";
        foreach (var header in answer.Headers.GroupBy(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase)) response.Headers[header.Key] = header.ToArray();
        if (answer.Content is not { } content || answer.Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified) return;
        response.ContentType = content.Type;
        response.ContentLength = content.Bytes.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method)) await response.Body.WriteAsync(content.Bytes, httpContext.RequestAborted);
    }
}
