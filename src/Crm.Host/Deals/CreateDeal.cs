using Crm.Entities;
using Crm.Entities.Deals;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Deals;

internal static class CreateDeal // POST /deals
{
    public static void Map(IEndpointRouteBuilder deals) => deals.MapPost("", Handle).WithName(nameof(CreateDeal))
        .WithSummary("Creates a deal and starts its project").WithIdempotencyKey("deals").ProducesMoveProblems();

    private static async Task<Results<Created<DealResponse>, ProblemHttpResult>> Handle(Body<DealFields> body, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var deal = new Deal { WorkspaceId = writes.Workspace, Id = writes.NewId(), Name = body.Value.Name, Currency = await Currencies.DefaultAsync(db, ct) };
        return await writes.CreateAsync(deal, body, ct) is { } problem ? problem : TypedResults.Created((string?)null, await GetDeal.ReadAsync(db, deal.Id, ct));
    }
}
