using Crm.Entities;
using Crm.Entities.Organizations;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Organizations;

internal static class CreateOrganization // POST /organizations
{
    public static void Map(IEndpointRouteBuilder organizations) => organizations.MapPost("", Handle).WithName(nameof(CreateOrganization))
        .WithSummary("Creates an organization").WithIdempotencyKey("organizations");

    private static async Task<Results<Created<OrganizationResponse>, ProblemHttpResult>> Handle(Body<OrganizationFields> body, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var organization = new Organization { WorkspaceId = writes.Workspace, Id = writes.NewId(), Name = body.Value.Name };
        return await writes.CreateAsync(organization, body, ct) is { } problem ? problem : TypedResults.Created((string?)null, await GetOrganization.ReadAsync(db, organization.Id, ct));
    }
}
