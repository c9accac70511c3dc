using Crm.Entities;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Leads;

internal static class BulkReadLeads // POST /leads/bulk-read
{
    public static void Map(IEndpointRouteBuilder leads) =>
        leads.MapPost("/bulk-read", Handle).WithName(nameof(BulkReadLeads)).WithSummary("Shows up to 200 leads by their ids, in that order");

    private static Task<Ok<BulkReadResponse<LeadResponse>>> Handle(Body<BulkReadRequest> body, CrmDbContext db, CancellationToken ct) =>
        BulkRead.AnswerAsync(body.Value, db, LeadResponse.From(db.Set<ProjectRow>()), ct);
}
