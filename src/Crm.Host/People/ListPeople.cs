using Crm.Entities;
using Crm.Entities.People;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.People;

internal static class ListPeople // GET /people
{
    public static Listing<Person> Listing { get; } = Listings.Of<Person>().Owned()
        .Text("firstName", p => p.FirstName).Text("lastName", p => p.LastName).Text("email", p => p.Email).Text("phone", p => p.Phone).Text("jobTitle", p => p.JobTitle)
        .Id("organizationId", p => p.OrganizationId)
        .Custom("person");

    public static void Map(IEndpointRouteBuilder people) => people.MapGet("", Handle).WithName(nameof(ListPeople)).WithSummary("Lists people").WithListing(Listing);

    private static Task<Results<Ok<Page<PersonResponse>>, ProblemHttpResult>> Handle(HttpContext http, CrmDbContext db, CancellationToken ct) =>
        Listing.AnswerAsync(http.Request.Query, db, PersonResponse.From, ct);
}
