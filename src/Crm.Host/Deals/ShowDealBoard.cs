using System.ComponentModel;
using Crm.Entities;
using Crm.Entities.Deals;
using Crm.Host.Boards;
using Crm.Wfm.Persistence;

namespace Crm.Host.Deals;

internal static class ShowDealBoard // GET /deals/board, GET /deals/board/{step}
{
    private static readonly Board<Deal> Board = new(
        ListDeals.Listing, d => d.Step, d => d.StepEnteredAt!.Value, d => new Worth { Step = d.Step!, Currency = d.Currency, Amount = d.Amount ?? 0 });

    public static void Map(IEndpointRouteBuilder deals)
    {
        deals.MapGet("/board", (HttpContext http, BoardReader boards, CrmDbContext db, CancellationToken ct) =>
                boards.AnswerAsync(Board, "deal", http.Request.Query, db.Deals, DealResponse.From(db.Set<ProjectRow>()), ct))
            .WithName(nameof(ShowDealBoard)).WithSummary("Shows the deals by step: counts, sums, and the first cards of each").WithBoard(Board);
        deals.MapGet("/board/{step}", ([Description("The key of a step.")] string step, HttpContext http, BoardReader boards, CrmDbContext db, CancellationToken ct) =>
                boards.AnswerColumnAsync(Board, "deal", step, http.Request.Query, db.Deals, DealResponse.From(db.Set<ProjectRow>()), ct))
            .WithName("ShowDealColumn").WithSummary("Shows more deals of one step").WithColumn(Board);
    }
}
