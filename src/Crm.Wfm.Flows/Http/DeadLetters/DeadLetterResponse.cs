using System.Globalization;
using Crm.Wfm.Flows.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Wfm.Flows.Http;

/// <summary>A run that failed for good and waits for somebody to look at it.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Flow">The flow: the id all its versions share; a bundle's automation is <c>{bundle}.{automation}</c>.</param>
/// <param name="FlowName">The flow's name.</param>
/// <param name="Name">The run's name, where it has one.</param>
/// <param name="CorrelationId">Its correlation id.</param>
/// <param name="Event">The event that started it; nothing when something else did.</param>
/// <param name="EventType">The event's type.</param>
/// <param name="Subject">What the event is about.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Activity">The node id of the activity it failed in; nothing when it failed as a whole.</param>
/// <param name="Incidents">How many tries of its activities failed.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="FailedAt">When it failed for good.</param>
internal sealed record DeadLetterResponse(
    Guid Run, string Flow, string FlowName, string? Name, string? CorrelationId, Guid? Event, string? EventType, string? Subject, string Error, string? Activity, int Incidents, DateTimeOffset StartedAt, DateTimeOffset FailedAt)
{
    public const string Select = """
        select r.id, d.definition_id, d.name, r.name, r.correlation_id, r.event_id, e.type, e.subject, coalesce(r.error, ''), r.error_activity, r.incidents, r.created_at, r.updated_at
        from wfm_flows.run r join wfm_flows.definition d on d.number = r.definition left join wfm.event e on e.workspace_id = r.workspace_id and e.id = r.event_id
        where r.status = 'faulted'
        """;

    public static DeadLetterResponse Of(NpgsqlDataReader r) => new(
        r.GetGuid(0), r.GetString(1), r.GetString(2), r.GetValue(3) as string, r.GetValue(4) as string, r.IsDBNull(5) ? null : r.GetGuid(5), r.GetValue(6) as string, r.GetValue(7) as string,
        r.GetString(8), r.GetValue(9) as string, r.GetInt16(10), r.GetFieldValue<DateTimeOffset>(11), r.GetFieldValue<DateTimeOffset>(12));
}

/// <summary>Which dead letters are meant.</summary>
/// <param name="Flow">Those of a flow.</param>
/// <param name="Activity">Those that failed in an activity, by its node id.</param>
/// <param name="Event">Those an event started.</param>
/// <param name="Error">Those whose reason has this in it, in whatever case.</param>
/// <param name="Since">Those that failed then or later.</param>
internal sealed record DeadLetterFilter(string? Flow, string? Activity, Guid? Event, string? Error, DateTimeOffset? Since)
{
    /// <summary>What it comes to, with <see cref="Parameters"/> as the first parameters.</summary>
    public const string Sql = """
         and ($1 is null or d.definition_id = $1) and ($2 is null or r.error_activity = $2) and ($3 is null or r.event_id = $3)
         and ($4 is null or position(lower($4) in lower(r.error)) > 0) and ($5 is null or r.updated_at >= $5)
        """;

    public const int Count = 5;

    public object?[] Parameters =>
    [
        Nullable(Flow, NpgsqlDbType.Text), Nullable(Activity, NpgsqlDbType.Text), Nullable(Event, NpgsqlDbType.Uuid), Nullable(Error is null ? null : Storable.Text(Error), NpgsqlDbType.Text),
        Nullable(Since?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
    ];

    /// <summary>Writes where a page ended.</summary>
    public static string Key(DeadLetterResponse letter) => $"{letter.FailedAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}-{letter.Run:N}";

    /// <summary>Reads where a page ended; <c>null</c> when it is no such place.</summary>
    public static (DateTimeOffset At, Guid Run)? Place(string key) =>
        key.Split('-') is [var ticks, var run] && long.TryParse(ticks, CultureInfo.InvariantCulture, out var at) && at >= 0 && at <= DateTimeOffset.MaxValue.UtcTicks && Guid.TryParseExact(run, "N", out var id)
            ? (new(at, TimeSpan.Zero), id) : null;

    public static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
