using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Entities;
using Crm.Entities.Activities;
using Crm.Entities.Workspaces;
using Crm.Host.Records;
using Crm.Wfm;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Activities;

internal static class GetAgenda // GET /me/agenda?days=
{
    private const int DefaultDays = 7;
    private const int MostDays = 62;
    private const int MostOfEach = 50;

    public static void Map(IEndpointRouteBuilder me) => me.MapGet("/agenda", Handle).WithName(nameof(GetAgenda))
        .WithSummary($"Lists what one has to do: overdue, today in the workspace's time zone, and in the days after it; the first {MostOfEach} of each");

    private static async Task<Results<Ok<AgendaResponse>, ProblemHttpResult>> Handle(
        [Description("How many days after today, from 1 to 62."), Range(1, MostDays), DefaultValue(DefaultDays)] int? days, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        if (days is < 1 or > MostDays) return Problems.Faulty([new Fault("?days", "parameter", $"days is 1 to {MostDays}.")]);
        var zone = TimeZoneInfo.FindSystemTimeZoneById((await db.WorkspaceAsync(ct)).TimeZone);
        var now = writes.Now();
        var today = LocalDay.Of(now, zone);
        var (tomorrow, end) = (LocalDay.Start(today.AddDays(1), zone), LocalDay.Start(today.AddDays(1 + (days ?? DefaultDays)), zone));
        var me = writes.Actor.Id;
        var open = db.Activities.AsNoTracking().Where(a => a.AssigneeId == me && a.DoneAt == null);
        var due = await First(open.Where(a => a.DueAt < now))
            .Concat(First(open.Where(a => a.DueAt >= now && a.DueAt < tomorrow)))
            .Concat(First(open.Where(a => a.DueAt >= tomorrow && a.DueAt < end)))
            .OrderBy(a => a.DueAt).ThenBy(a => a.Id).Select(ActivityResponse.Projection).ToListAsync(ct);
        return TypedResults.Ok(new AgendaResponse(zone.Id, today,
            Part(due.Where(a => a.DueAt < now)), Part(due.Where(a => a.DueAt >= now && a.DueAt < tomorrow)), Part(due.Where(a => a.DueAt >= tomorrow))));
    }

    // One more than is shown says whether there are more.
    private static IQueryable<Activity> First(IQueryable<Activity> activities) => activities.OrderBy(a => a.DueAt).ThenBy(a => a.Id).Take(MostOfEach + 1);

    private static AgendaPart Part(IEnumerable<ActivityResponse> due)
    {
        var all = due.ToList();
        return new([.. all.Take(MostOfEach)], all.Count > MostOfEach);
    }
}

/// <summary>What one has to do.</summary>
internal sealed record AgendaResponse(string TimeZone, DateOnly Date, AgendaPart Overdue, AgendaPart Today, AgendaPart Upcoming);

/// <summary>Activities by when they are due.</summary>
internal sealed record AgendaPart(IReadOnlyList<ActivityResponse> Items, bool HasMore);
