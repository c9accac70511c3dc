using Crm.Entities;
using Crm.Entities.Organizations;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Organizations;

internal static class UpdateOrganization // PATCH /organizations/{id}
{
    public static void Map(IEndpointRouteBuilder organizations) => organizations.MapPatch("/{id:guid}", Handle).WithName(nameof(UpdateOrganization))
        .WithSummary("Changes an organization: what is sent is changed, null clears; another ownerId assigns it")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<OrganizationResponse>, ProblemHttpResult>> Handle(Guid id, MergePatch<OrganizationFields> patch, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.UpdateAsync<Organization, OrganizationFields>(id, patch, ct) is { } problem ? problem : TypedResults.Ok(await GetOrganization.ReadAsync(db, id, ct));
}
