using System.ComponentModel.DataAnnotations;

namespace Crm.Wfm.Events;

/// <summary>Settings of the event pump, section <c>Wfm:EventPump</c> by custom.</summary>
public sealed class EventPumpOptions
{
    /// <summary>Gets or sets how many events one transaction takes at most. Default 50.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 50;

    /// <summary>Gets or sets how often the pump looks for events nobody told it of: another host's, or of a connection that broke. Its own host's commits wake it at once. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how long lies between two looks at least, so that events gather: batches are cheaper than single events. The first after a pause does not wait. Default 20 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Gather { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Gets or sets how long a consumer may take over a batch; it is cancelled then, which counts as a failure. The database ends the transaction of a host that hangs for twice as long. Default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how long after a consumer failed on an event it is handed over again; doubled with each failure, up to an hour. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how often an event is handed to a consumer that fails on it; after that it stays parked until somebody says otherwise. Default 10.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>Says when an event that failed so often is tried again; <c>null</c> for never.</summary>
    internal DateTimeOffset? NextTry(int attempts, DateTimeOffset now)
    {
        if (attempts >= MaxAttempts) return null;
        var wait = RetryAfter * Math.Pow(2, attempts - 1);
        return now + (wait < TimeSpan.FromHours(1) ? wait : TimeSpan.FromHours(1));
    }
}
