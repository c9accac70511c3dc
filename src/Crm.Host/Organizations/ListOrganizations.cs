using Crm.Entities;
using Crm.Entities.Organizations;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Organizations;

internal static class ListOrganizations // GET /organizations
{
    public static Listing<Organization> Listing { get; } = Listings.Of<Organization>().Owned()
        .Text("domain", o => o.Domain).Text("website", o => o.Website).Text("email", o => o.Email).Text("phone", o => o.Phone)
        .Text("industry", o => o.Industry).Number("employees", o => o.Employees)
        .Text("street", o => o.Street).Text("postalCode", o => o.PostalCode).Text("city", o => o.City).Key("country", o => o.Country)
        .Custom("organization");

    public static void Map(IEndpointRouteBuilder organizations) =>
        organizations.MapGet("", Handle).WithName(nameof(ListOrganizations)).WithSummary("Lists organizations").WithListing(Listing);

    private static Task<Results<Ok<Page<OrganizationResponse>>, ProblemHttpResult>> Handle(HttpContext http, CrmDbContext db, CancellationToken ct) =>
        Listing.AnswerAsync(http.Request.Query, db, OrganizationResponse.From, ct);
}
