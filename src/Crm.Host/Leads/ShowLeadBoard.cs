using System.ComponentModel;
using Crm.Entities;
using Crm.Entities.Leads;
using Crm.Host.Boards;
using Crm.Wfm.Persistence;

namespace Crm.Host.Leads;

internal static class ShowLeadBoard // GET /leads/board, GET /leads/board/{step}
{
    private static readonly Board<Lead> Board = new(
        ListLeads.Listing, l => l.Step, l => l.StepEnteredAt!.Value, l => new Worth { Step = l.Step!, Currency = l.Currency, Amount = l.Budget ?? 0 });

    public static void Map(IEndpointRouteBuilder leads)
    {
        leads.MapGet("/board", (HttpContext http, BoardReader boards, CrmDbContext db, CancellationToken ct) =>
                boards.AnswerAsync(Board, "lead", http.Request.Query, db.Leads, LeadResponse.From(db.Set<ProjectRow>()), ct))
            .WithName(nameof(ShowLeadBoard)).WithSummary("Shows the leads by step: counts, sums of budgets, and the first cards of each").WithBoard(Board);
        leads.MapGet("/board/{step}", ([Description("The key of a step.")] string step, HttpContext http, BoardReader boards, CrmDbContext db, CancellationToken ct) =>
                boards.AnswerColumnAsync(Board, "lead", step, http.Request.Query, db.Leads, LeadResponse.From(db.Set<ProjectRow>()), ct))
            .WithName("ShowLeadColumn").WithSummary("Shows more leads of one step").WithColumn(Board);
    }
}
