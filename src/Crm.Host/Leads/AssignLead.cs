using Crm.Entities;
using Crm.Entities.Leads;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Leads;

internal static class AssignLead // POST /leads/{id}/assign
{
    public static void Map(IEndpointRouteBuilder leads) => leads.MapPost("/{id:guid}/assign", Handle).WithName(nameof(AssignLead))
        .WithSummary("Gives a lead to somebody; who had it before is kept as previousOwnerId").WithIdempotencyKey("leads/assign")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<LeadResponse>, ProblemHttpResult>> Handle(Guid id, Body<AssignRequest> body, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.AssignAsync<Lead>(id, body.Value, ct) is { } problem ? problem : TypedResults.Ok(await GetLead.ReadAsync(db, id, ct));
}
