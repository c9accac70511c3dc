using Crm.Entities;
using Crm.Entities.Leads;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Leads;

internal static class ListLeads // GET /leads
{
    public static Listing<Lead> Listing { get; } = Listings.Of<Lead>().Owned().Governed()
        .Text("company", l => l.Company).Text("jobTitle", l => l.JobTitle).Text("email", l => l.Email).Text("phone", l => l.Phone).Text("website", l => l.Website)
        .Key("source", l => l.Source)
        .Amount("budget", l => l.Budget, l => EF.Property<double?>(l, "BudgetKey"))
        .Key("currency", l => l.Currency)
        .Key("authority", l => l.Authority).Text("need", l => l.Need).Key("timeline", l => l.Timeline)
        .Time("qualifiedAt", l => l.QualifiedAt).Text("disqualifiedReason", l => l.DisqualifiedReason)
        .Time("convertedAt", l => l.ConvertedAt).Id("convertedDealId", l => l.ConvertedDealId)
        .Id("convertedPersonId", l => l.ConvertedPersonId).Id("convertedOrganizationId", l => l.ConvertedOrganizationId)
        .Custom("lead");

    public static void Map(IEndpointRouteBuilder leads) => leads.MapGet("", Handle).WithName(nameof(ListLeads)).WithSummary("Lists leads").WithListing(Listing);

    private static Task<Results<Ok<Page<LeadResponse>>, ProblemHttpResult>> Handle(HttpContext http, CrmDbContext db, CancellationToken ct) =>
        Listing.AnswerAsync(http.Request.Query, db, LeadResponse.From(db.Set<ProjectRow>()), ct);
}
