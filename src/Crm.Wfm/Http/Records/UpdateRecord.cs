using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Crm.Wfm.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Http;

internal static class UpdateRecord // PATCH /records/{id}
{
    public static void Map(IEndpointRouteBuilder records) => records.MapPatch("/{id:guid}", Handle).WithName(nameof(UpdateRecord))
        .WithSummary("Changes a record: name and owner where they are sent, fields merged by name, null clears one")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<RecordResponse>, ProblemHttpResult>> Handle(
        Guid id, Body<UpdateRecordRequest> body, HttpContext http, CurrentRequest current, RecordStore records, CancellationToken ct)
    {
        var request = body.Value;
        if (ETags.Version(http, request.Version, out var fault) is not { } version) return Problems.Faulty([fault!]);
        var result = await records.UpdateAsync(new(id, version, current.Actor) { Name = request.Name, OwnerId = request.OwnerId, Fields = request.Fields }, ct);
        if (result is not RecordResult.Saved saved) return Problems.Of(result);
        http.Response.Headers.ETag = ETags.Of(saved.Record.Version);
        return TypedResults.Ok(RecordResponse.Of(saved.Record));
    }
}

internal sealed record UpdateRecordRequest([property: StringLength(400, MinimumLength = 1)] string? Name = null, Guid? OwnerId = null, JsonObject? Fields = null,
    [property: Range(0, int.MaxValue)] int? Version = null);
