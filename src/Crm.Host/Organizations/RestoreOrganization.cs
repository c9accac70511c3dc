using Crm.Entities;
using Crm.Entities.Organizations;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Organizations;

internal static class RestoreOrganization // POST /organizations/{id}/restore
{
    public static void Map(IEndpointRouteBuilder organizations) => organizations.MapPost("/{id:guid}/restore", Handle).WithName(nameof(RestoreOrganization))
        .WithSummary("Brings a deleted organization back").WithIdempotencyKey("organizations/restore")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<OrganizationResponse>, ProblemHttpResult>> Handle(Guid id, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.RestoreAsync<Organization>(id, ct) is { } problem ? problem : TypedResults.Ok(await GetOrganization.ReadAsync(db, id, ct));
}
