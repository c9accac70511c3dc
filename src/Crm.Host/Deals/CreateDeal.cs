using Crm.Entities;
using Crm.Entities.Deals;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Deals;

internal static class CreateDeal // POST /deals
{
    public static void Map(IEndpointRouteBuilder deals) => deals.MapPost("", Handle).WithName(nameof(CreateDeal)).WithSummary("Creates a deal and starts its project")
        .AddEndpointFilter(new HttpIdempotency("deals")).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Created<DealResponse>, ProblemHttpResult>> Handle(
        Body<DealFields> body, HttpContext http, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var fields = body.Value;
        var deal = new Deal { WorkspaceId = writes.Workspace, Id = writes.NewId(), Name = fields.Name, Currency = await Currencies.DefaultAsync(db, ct) };
        (fields with { OwnerId = fields.OwnerId ?? writes.Actor.Id }).Write(deal);
        db.Deals.Add(deal);
        if (await writes.SaveAsync(deal, ct) is { } problem) return problem;
        if (await writes.StartAsync(deal, ct) is { } refused) return refused;
        http.Response.Headers.Location = $"{http.Request.Path}/{deal.Id}"; // here, not by the result: HttpIdempotency keeps it
        return TypedResults.Created((string?)null, await GetDeal.ReadAsync(db, deal.Id, ct));
    }
}
