using System.Security.Cryptography;
using System.Text.Json;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Http;

/// <summary>
/// Honours <c>Idempotency-Key</c> on POSTs that are not moves (those do it in their own two round trips): the handler's effect and the answer to keep
/// commit in one transaction; any answer but success undoes it all.
/// </summary>
internal sealed class HttpIdempotency(string route) : IEndpointFilter
{
    public const string Header = "Idempotency-Key";

    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Request.Headers[Header].ToString() is not { Length: > 0 } key) return await next(context);
        if (Moves.Idempotency.CheckKey(key) is { } fault) return Problems.Faulty([fault with { Pointer = "" }]);
        var host = http.RequestServices.GetRequiredService<HostContext>();
        var actor = http.RequestServices.GetRequiredService<CurrentRequest>().Actor.Id;
        await using var transaction = await host.BeginAsync(http.RequestAborted);
        if (await ClaimAsync(host, http, actor, key) is { } answered) return answered;
        var result = await next(context);
        if (result is INestedHttpResult nested) result = nested.Result;
        if (result is not IStatusCodeHttpResult { StatusCode: >= 200 and < 300 } success) return result;
        var answer = new Answer(success.StatusCode.Value, JsonSerializer.Serialize((result as IValueHttpResult)?.Value, JsonSerializerOptions.Web), http.Response.Headers.Location, http.Response.Headers.ETag);
        await KeepAsync(host, actor, key, answer, http.RequestAborted);
        await transaction.CommitAsync(http.RequestAborted);
        return result;
    }

    private async Task<IResult?> ClaimAsync(HostContext host, HttpContext http, Guid actor, string key)
    {
        var hash = SHA256.HashData((http.Items[typeof(BodyBytes)] as ReadOnlyMemory<byte>? ?? default).Span);
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var claim = new Moves.Idempotency(route, actor, key, hash);
        await using var batch = host.Batch();
        claim.AddClaim(batch, host.Workspace, now);
        await using var reader = await batch.ExecuteReaderAsync(http.RequestAborted);
        await reader.ReadAsync(http.RequestAborted);
        if (!reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(hash))
        {
            return Problems.Faulty([new("", Moves.IdempotencyFaults.Reused, "This idempotency key was used for another request.")], StatusCodes.Status422UnprocessableEntity);
        }

        if (await reader.IsDBNullAsync(1, http.RequestAborted)) return null;
        var answer = JsonSerializer.Deserialize<Answer>(reader.GetString(1), JsonSerializerOptions.Web)!;
        (http.Response.Headers.Location, http.Response.Headers.ETag) = (answer.Location, answer.ETag);
        return Results.Text(answer.Body, "application/json", System.Text.Encoding.UTF8, answer.Status);
    }

    private async Task KeepAsync(HostContext host, Guid actor, string key, Answer answer, CancellationToken ct)
    {
        await using var batch = host.Batch();
        batch.Add("update wfm.idempotency set answer = $1 where actor_id = $2 and route = $3 and key = $4",
            Batches.Jsonb(JsonSerializer.Serialize(answer, JsonSerializerOptions.Web)), actor, route, key);
        await batch.ExecuteNonQueryAsync(ct);
    }

    // The body is kept as text: the second answer is the first one to the byte, whatever order jsonb would have given it.
    private sealed record Answer(int Status, string Body, string? Location, string? ETag);
}
