using System.ComponentModel;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Http;

internal static class GetRecord // GET /records/{id}
{
    public static void Map(IEndpointRouteBuilder records) =>
        records.MapGet("/{id:guid}", Handle).WithName(nameof(GetRecord)).WithSummary("Shows a record").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<RecordResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, HostContext host, CancellationToken ct)
    {
        var row = await host.Db.Set<RecordRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.DeletedAt == null, ct);
        if (row is null) return Problems.NotFound("record");
        http.Response.Headers.ETag = ETags.Of(row.Version);
        return TypedResults.Ok(RecordResponse.Of(row));
    }
}

/// <summary>A record as the API shows it.</summary>
internal sealed record RecordResponse(
    Guid Id, string Type, string Name, Guid? OwnerId, [property: JsonType("object"), Description("What the schema of its type asks for.")] Value Fields, Guid? ProjectId, string? Step, DateTimeOffset? StepEnteredAt, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static RecordResponse Of(RecordRow r) =>
        new(r.Id, r.Type, r.Name, r.OwnerId, Value.Parse(r.Fields), r.ProjectId, r.Step, r.StepEnteredAt, r.Version, r.CreatedAt, r.UpdatedAt);
}
