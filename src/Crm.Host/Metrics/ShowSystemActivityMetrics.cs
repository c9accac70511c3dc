using System.ComponentModel;
using Crm.Entities;
using Crm.Host.Records;
using Crm.Wfm.Flows.Http;
using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Metrics;

internal static class ShowSystemActivityMetrics // GET /metrics/system-activities?from=&to=
{
    public static void MapMetrics(this IEndpointRouteBuilder api) => api.MapGroup("/metrics").WithTags("Metrics").WithWfmRequests()
        .MapGet("/system-activities", Handle).WithName(nameof(ShowSystemActivityMetrics)).WithSummary("Shows how many activities automations made in a period, and what part of them people did");

    private static async Task<Results<Ok<SystemActivityMetrics>, ProblemHttpResult>> Handle(
        [Description("Where the period begins; a day before its end unless said.")] DateTimeOffset? from, [Description("Where it ends; now unless said. 31 days at most.")] DateTimeOffset? to,
        CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        if (MetricsPeriod.Of(from, to, writes.Now(), out var period) is { } fault) return Problems.Faulty([fault]);
        var hours = await db.Database.SqlQuery<SystemActivityHour>($"""
            select date_trunc('hour', created_at, 'UTC') as "Hour", count(*) as "Created", count(*) filter (where done_at is not null) as "Done",
              count(*) filter (where done_at is not null and done_by is distinct from {Actor.System.Id}) as "DoneByPeople"
            from crm.activity where is_system and created_at >= {period.From} and created_at < {period.To} group by 1 order by 1
            """).ToListAsync(ct);
        var (created, done, people) = (hours.Sum(h => h.Created), hours.Sum(h => h.Done), hours.Sum(h => h.DoneByPeople));
        return TypedResults.Ok(new SystemActivityMetrics(period.From, period.To, created, created / (period.To - period.From).TotalHours, done, people, created == 0 ? null : (double)people / created, hours));
    }
}

/// <summary>Activities that automations made in a period.</summary>
/// <param name="From">Where the period begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Created">How many they made.</param>
/// <param name="CreatedPerHour">How many an hour.</param>
/// <param name="Done">How many of them are done by now.</param>
/// <param name="DoneByPeople">How many of them people did.</param>
/// <param name="ShareDoneByPeople">What part of them people did, 0 to 1; nothing when there are none.</param>
/// <param name="Hours">The same by the hour they were made in, UTC; hours without are left out.</param>
internal sealed record SystemActivityMetrics(DateTimeOffset From, DateTimeOffset To, long Created, double CreatedPerHour, long Done, long DoneByPeople, double? ShareDoneByPeople, IReadOnlyList<SystemActivityHour> Hours);

/// <summary>An hour.</summary>
internal sealed record SystemActivityHour(DateTimeOffset Hour, long Created, long Done, long DoneByPeople);
