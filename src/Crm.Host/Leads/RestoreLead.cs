using Crm.Entities;
using Crm.Entities.Leads;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Leads;

internal static class RestoreLead // POST /leads/{id}/restore
{
    public static void Map(IEndpointRouteBuilder leads) => leads.MapPost("/{id:guid}/restore", Handle).WithName(nameof(RestoreLead))
        .WithSummary("Brings a deleted lead back; its project goes on where it was").WithIdempotencyKey("leads/restore")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<LeadResponse>, ProblemHttpResult>> Handle(Guid id, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.RestoreAsync<Lead>(id, ct) is { } problem ? problem : TypedResults.Ok(await GetLead.ReadAsync(db, id, ct));
}
