using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Http;

/// <summary>
/// Honours <c>Idempotency-Key</c> on POSTs that are not moves (those do it in their own two round trips): the handler's effect and the answer to keep
/// commit in one transaction; any answer but success undoes it all.
/// </summary>
public sealed class HttpIdempotency(string route) : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Request.Headers[IdempotencyHeader.Name].ToString() is not { Length: > 0 } key) return await next(context);
        if (IdempotencyClaim.CheckKey(key) is { } fault) return Problems.Faulty([fault with { Pointer = "" }]);
        var host = http.RequestServices.GetRequiredService<HostContext>();
        var actor = http.RequestServices.GetRequiredService<CurrentRequest>().Actor.Id;
        var claim = new IdempotencyClaim(route, actor, key, RequestHash(http));
        return await host.ExecuteAsync(ct => OnceAsync(host, claim, context, next, ct), http.RequestAborted);
    }

    // What was asked is the body and where it was sent: the same words about another record are another request.
    private static byte[] RequestHash(HttpContext http)
    {
        var body = http.Items[typeof(BodyBytes)] as ReadOnlyMemory<byte>? ?? default;
        return SHA256.HashData([.. Encoding.UTF8.GetBytes($"{http.Request.Path}{http.Request.QueryString}\n"), .. body.Span]);
    }

    private static async Task<object?> OnceAsync(HostContext host, IdempotencyClaim claim, EndpointFilterInvocationContext context, EndpointFilterDelegate next, CancellationToken ct)
    {
        var http = context.HttpContext;
        await using var own = host.Db.Database.CurrentTransaction is null ? await host.BeginAsync(ct) : null;
        if (await ClaimAsync(host, http, claim) is { } answered) return answered;
        var result = HttpResult.Of(await next(context));
        if (result is not IStatusCodeHttpResult { StatusCode: >= 200 and < 300 } success) return result;
        // As the answer itself is written: by the host's options.
        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var answer = new Answer(success.StatusCode.Value, JsonSerializer.Serialize((result as IValueHttpResult)?.Value, json),
            http.Response.Headers.Location, http.Response.Headers.ETag);
        await using var batch = host.Batch();
        claim.AddAnswer(batch, JsonSerializer.Serialize(answer, JsonSerializerOptions.Web));
        await batch.ExecuteNonQueryAsync(ct);
        if (own is not null) await own.CommitAsync(ct);
        return result;
    }

    private static async Task<IResult?> ClaimAsync(HostContext host, HttpContext http, IdempotencyClaim claim)
    {
        await using var batch = host.Batch();
        claim.AddTo(batch, host.Workspace, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        await using var reader = await batch.ExecuteReaderAsync(http.RequestAborted);
        switch (await IdempotencyClaim.ReadAsync(reader, http.RequestAborted))
        {
            case (true, _):
                return Problems.Faulty([new("", IdempotencyFaults.Reused, "This idempotency key was used for another request.")], StatusCodes.Status422UnprocessableEntity);
            case (_, { } kept):
                var answer = JsonSerializer.Deserialize<Answer>(kept, JsonSerializerOptions.Web)!;
                if (answer.Location is not null) http.Response.Headers.Location = answer.Location;
                if (answer.ETag is not null) http.Response.Headers.ETag = answer.ETag;
                return Results.Text(answer.Body, "application/json", Encoding.UTF8, answer.Status);
            default:
                return null;
        }
    }

    // The body is kept as text: the second answer is the first one to the byte.
    private sealed record Answer(int Status, string Body, string? Location, string? ETag);
}

/// <summary>The header that names a request, so that repeating it is safe.</summary>
public static class IdempotencyHeader
{
    /// <summary>Its name.</summary>
    public const string Name = "Idempotency-Key";

    /// <summary>What it is for, where endpoints are described.</summary>
    public const string Meaning = "Names the request: sent again, it is answered as the first time and does nothing.";

    /// <summary>Lets an endpoint honour the header, and say so where it is described: it has the <see cref="HttpIdempotency"/> as metadata.</summary>
    /// <param name="endpoint">A POST.</param>
    /// <param name="route">What tells its keys from those of other endpoints, such as <c>orders</c>.</param>
    public static RouteHandlerBuilder WithIdempotencyKey(this RouteHandlerBuilder endpoint, string route)
    {
        var filter = new HttpIdempotency(route);
        return endpoint.AddEndpointFilter(filter).WithMetadata(filter).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }
}
