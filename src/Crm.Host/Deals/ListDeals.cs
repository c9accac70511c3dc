using Crm.Entities;
using Crm.Entities.Deals;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Deals;

internal static class ListDeals // GET /deals
{
    public static Listing<Deal> Listing { get; } = Listings.Of<Deal>().Owned().Governed()
        .Amount("amount", d => d.Amount, d => EF.Property<double?>(d, "AmountKey"))
        .Key("currency", d => d.Currency)
        .Id("personId", d => d.PersonId).Id("organizationId", d => d.OrganizationId).Id("leadId", d => d.LeadId)
        .Date("expectedCloseOn", d => d.ExpectedCloseOn).Sort("expectedCloseOn", d => d.ExpectedCloseOn)
        .Number("discount", d => d.Discount)
        .Time("closedAt", d => d.ClosedAt).Sort("closedAt", d => d.ClosedAt)
        .Text("lostReason", d => d.LostReason)
        .Custom("deal");

    public static void Map(IEndpointRouteBuilder deals) => deals.MapGet("", Handle).WithName(nameof(ListDeals)).WithSummary("Lists deals").WithListing(Listing);

    private static Task<Results<Ok<Page<DealResponse>>, ProblemHttpResult>> Handle(HttpContext http, CrmDbContext db, CancellationToken ct) =>
        Listing.AnswerAsync(http.Request.Query, db, DealResponse.From(db.Set<ProjectRow>()), ct);
}
