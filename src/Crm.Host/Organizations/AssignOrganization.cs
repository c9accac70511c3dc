using Crm.Entities;
using Crm.Entities.Organizations;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Organizations;

internal static class AssignOrganization // POST /organizations/{id}/assign
{
    public static void Map(IEndpointRouteBuilder organizations) => organizations.MapPost("/{id:guid}/assign", Handle).WithName(nameof(AssignOrganization))
        .WithSummary("Gives an organization to somebody; who had it before is kept as previousOwnerId").WithIdempotencyKey("organizations/assign")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<OrganizationResponse>, ProblemHttpResult>> Handle(Guid id, Body<AssignRequest> body, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.AssignAsync<Organization>(id, body.Value, ct) is { } problem ? problem : TypedResults.Ok(await GetOrganization.ReadAsync(db, id, ct));
}
