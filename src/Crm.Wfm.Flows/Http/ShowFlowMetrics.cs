using System.ComponentModel;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Http;

internal static class ShowFlowMetrics // GET /metrics/flows?from=&to=
{
    // A run counts where it was started, and where it ended: those started in a period need not be those that ended in it.
    private const string PerHour = """
        with hours as (select h as hour from generate_series(date_trunc('hour', $1::timestamptz, 'UTC'), $2::timestamptz - interval '1 microsecond', interval '1 hour') h),
        told as (select date_trunc('hour', e.time, 'UTC') as hour, count(*) as n from wfm.event e where e.time >= $1 and e.time < $2 group by 1),
        started as (select date_trunc('hour', r.created_at, 'UTC') as hour, count(*) as n from wfm_flows.run r where r.id >= $3 and r.created_at >= $1 and r.created_at < $2 group by 1),
        ended as (
          select date_trunc('hour', r.finished_at, 'UTC') as hour, count(*) filter (where r.status = 'finished') as finished, count(*) filter (where r.status in ('faulted', 'discarded')) as faulted
          from wfm_flows.run r where r.finished_at >= $1 and r.finished_at < $2 group by 1)
        select h.hour, coalesce(t.n, 0), coalesce(s.n, 0), coalesce(e.finished, 0), coalesce(e.faulted, 0)
        from hours h left join told t on t.hour = h.hour left join started s on s.hour = h.hour left join ended e on e.hour = h.hour order by h.hour
        """;

    private const string PerFlow = """
        select d.definition_id, max(d.name), count(*) filter (where r.status = 'finished'), count(*) filter (where r.status in ('faulted', 'discarded')), count(*) filter (where r.status = 'cancelled'),
          coalesce(avg(extract(epoch from r.finished_at - r.created_at)) filter (where r.status = 'finished'), 0)::float8
        from wfm_flows.run r join wfm_flows.definition d on d.number = r.definition
        where r.finished_at >= $1 and r.finished_at < $2 group by d.definition_id order by count(*) desc, d.definition_id limit 100
        """;

    private const string Queue = """
        select (select count(*) from wfm_flows.run where due_at <= $1), coalesce(extract(epoch from $1 - (select min(due_at) from wfm_flows.run where due_at <= $1)), 0)::float8,
          (select count(*) from wfm_flows.run where status = 'suspended' and finished_at is null and (due_at is null or due_at > $1)), (select count(*) from wfm_flows.run where status = 'waiting' and finished_at is null),
          (select count(*) from wfm_flows.run where status = 'faulted')
        """;

    public static void Map(IEndpointRouteBuilder metrics) => metrics.MapGet("/flows", Handle).WithName(nameof(ShowFlowMetrics))
        .WithSummary("Shows how much flows do in a period, how well, and what waits now");

    private static async Task<Results<Ok<FlowMetricsResponse>, ProblemHttpResult>> Handle(
        [Description("Where the period begins; a day before its end unless said.")] DateTimeOffset? from, [Description("Where it ends; now unless said. 31 days at most.")] DateTimeOffset? to,
        HostContext host, TimeProvider time, CancellationToken ct)
    {
        var now = time.GetUtcNow().ToUniversalTime();
        if (MetricsPeriod.Of(from, to, now, out var period) is { } fault) return Problems.Faulty([fault]);
        object?[] span = [period.From, period.To];
        // A run's id is made before its row, sooner than in an hour; its order is time's.
        var hours = await host.Db.QueryAsync(PerHour, [.. span, RunIds.First(period.From.AddHours(-1))], r => new FlowHour(r.GetFieldValue<DateTimeOffset>(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4)), ct);
        var flows = await host.Db.QueryAsync(PerFlow, span, r => new FlowFigures(r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), r.GetDouble(5)), ct);
        var queue = (await host.Db.QueryAsync(Queue, [now], r => new FlowQueue(r.GetInt64(0), r.GetDouble(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4)), ct))[0];
        var (events, finished, faulted) = (hours.Sum(h => h.Events), hours.Sum(h => h.Finished), hours.Sum(h => h.Faulted));
        return TypedResults.Ok(new FlowMetricsResponse(period.From, period.To, events, events / (period.To - period.From).TotalMinutes, hours.Sum(h => h.Started), finished, faulted,
            finished + faulted == 0 ? null : (double)finished / (finished + faulted), queue, hours, flows));
    }
}

/// <summary>A period of time.</summary>
public readonly record struct MetricsPeriod(DateTimeOffset From, DateTimeOffset To)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    /// <summary>Makes the period that is asked for: a day up to now unless said.</summary>
    /// <returns>What is wrong with it; <c>null</c> when nothing is.</returns>
    public static Fault? Of(DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset now, out MetricsPeriod period)
    {
        var end = (to ?? now).ToUniversalTime();
        period = new((from ?? end.AddDays(-1)).ToUniversalTime(), end);
        return period.From >= period.To ? new("?from", "period", "from is before to.") : period.To - period.From > Longest ? new("?from", "period", "A period is 31 days at most.") : null;
    }
}

/// <summary>What flows did in a period, and what waits now.</summary>
/// <param name="From">Where the period begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Events">How many events were told.</param>
/// <param name="EventsPerMinute">How many a minute.</param>
/// <param name="Started">How many runs were started.</param>
/// <param name="Finished">How many came to their end.</param>
/// <param name="Faulted">How many failed for good.</param>
/// <param name="SuccessRate">What part of those that ended came to their end, 0 to 1; nothing when none ended.</param>
/// <param name="Queue">What waits now.</param>
/// <param name="Hours">The same by hour, UTC.</param>
/// <param name="Flows">The flows with most runs that ended, 100 at most.</param>
internal sealed record FlowMetricsResponse(DateTimeOffset From, DateTimeOffset To, long Events, double EventsPerMinute, long Started, long Finished, long Faulted, double? SuccessRate, FlowQueue Queue,
    IReadOnlyList<FlowHour> Hours, IReadOnlyList<FlowFigures> Flows);

/// <summary>What waits now.</summary>
/// <param name="Due">Runs that have something to do, those under way included.</param>
/// <param name="AgeSeconds">How long the oldest of them is due.</param>
/// <param name="Sleeping">Runs that wait for a time or a signal.</param>
/// <param name="Waiting">Runs that wait for another with their concurrency key.</param>
/// <param name="DeadLetters">Runs that failed for good and were neither replayed nor discarded.</param>
internal sealed record FlowQueue(long Due, double AgeSeconds, long Sleeping, long Waiting, long DeadLetters);

/// <summary>An hour.</summary>
internal sealed record FlowHour(DateTimeOffset Hour, long Events, long Started, long Finished, long Faulted);

/// <summary>A flow in a period.</summary>
/// <param name="Flow">The id all its versions share.</param>
/// <param name="Name">Its name.</param>
/// <param name="Finished">How many runs came to their end.</param>
/// <param name="Faulted">How many failed for good.</param>
/// <param name="Cancelled">How many somebody ended.</param>
/// <param name="AverageSeconds">How long those that came to their end took from being started, on average.</param>
internal sealed record FlowFigures(string Flow, string Name, long Finished, long Faulted, long Cancelled, double AverageSeconds);
