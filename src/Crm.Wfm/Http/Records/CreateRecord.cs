using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Crm.Wfm.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Http;

internal static class CreateRecord // POST /records
{
    public static void Map(IEndpointRouteBuilder records) => records.MapPost("", Handle).WithName(nameof(CreateRecord))
        .WithSummary("Creates a record of any type a bundle speaks of")
        .WithIdempotencyKey("records");

    private static async Task<Results<Created<RecordResponse>, ProblemHttpResult>> Handle(Body<CreateRecordRequest> body, HttpContext http, CurrentRequest current, RecordStore records, CancellationToken ct)
    {
        var request = body.Value;
        var result = await records.CreateAsync(new(request.Type, request.Name, current.Actor) { OwnerId = request.OwnerId ?? current.Actor.Id, Fields = request.Fields }, ct);
        if (result is not RecordResult.Saved saved) return Problems.Of(result);
        http.Response.Headers.ETag = ETags.Of(saved.Record.Version);
        http.Response.Headers.Location = $"{http.Request.Path}/{saved.Record.Id}"; // here, not by the result: HttpIdempotency keeps it
        return TypedResults.Created((string?)null, RecordResponse.Of(saved.Record));
    }
}

internal sealed record CreateRecordRequest(
    [property: StringLength(64, MinimumLength = 1)] string Type, [property: StringLength(400, MinimumLength = 1)] string Name, Guid? OwnerId = null, JsonObject? Fields = null);
