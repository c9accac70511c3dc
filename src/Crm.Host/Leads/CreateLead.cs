using Crm.Entities;
using Crm.Entities.Leads;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Leads;

internal static class CreateLead // POST /leads
{
    public static void Map(IEndpointRouteBuilder leads) => leads.MapPost("", Handle).WithName(nameof(CreateLead))
        .WithSummary("Creates a lead and starts its project").WithIdempotencyKey("leads").ProducesMoveProblems();

    private static async Task<Results<Created<LeadResponse>, ProblemHttpResult>> Handle(Body<LeadFields> body, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var lead = new Lead { WorkspaceId = writes.Workspace, Id = writes.NewId(), Name = body.Value.Name, Currency = await Currencies.DefaultAsync(db, ct) };
        return await writes.CreateAsync(lead, body, ct) is { } problem ? problem : TypedResults.Created((string?)null, await GetLead.ReadAsync(db, lead.Id, ct));
    }
}
