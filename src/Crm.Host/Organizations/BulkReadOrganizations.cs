using Crm.Entities;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Organizations;

internal static class BulkReadOrganizations // POST /organizations/bulk-read
{
    public static void Map(IEndpointRouteBuilder organizations) =>
        organizations.MapPost("/bulk-read", Handle).WithName(nameof(BulkReadOrganizations)).WithSummary("Shows up to 200 organizations by their ids, in that order");

    private static Task<Ok<BulkReadResponse<OrganizationResponse>>> Handle(Body<BulkReadRequest> body, CrmDbContext db, CancellationToken ct) =>
        BulkRead.AnswerAsync(body.Value, db, OrganizationResponse.From, ct);
}
