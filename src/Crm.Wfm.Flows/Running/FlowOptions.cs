using System.ComponentModel.DataAnnotations;

namespace Crm.Wfm.Flows.Running;

/// <summary>Settings of the flows, section <c>Wfm:Flows</c> by custom.</summary>
public sealed class FlowOptions
{
    /// <summary>Gets or sets how often the runner looks for runs nobody told it of: those that are to be tried again, and other hosts'. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how many runs a host claims at once. Default 20.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 20;

    /// <summary>Gets or sets after what time a claimed run that was not begun, or whose host is gone, is another host's. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets after what time an activity fails, where neither it nor its automation says. The database ends the transaction of a host that hangs for twice as long. Default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how many characters of state a run may keep between two bursts. Default 4,000,000.</summary>
    [Range(1000, 100_000_000)]
    public int MaxState { get; set; } = 4_000_000;

    /// <summary>Gets or sets how often a run is begun again whose hosts did not come back from it, or failed otherwise than in an activity, before it is dead-lettered. Default 5.</summary>
    [Range(0, 100)]
    public int Crashes { get; set; } = 5;

    /// <summary>Gets or sets what becomes of a run one of whose activities failed for good, where neither its automation nor its flow says. Default <see cref="IncidentStrategy.Fault"/>.</summary>
    public IncidentStrategy Incidents { get; set; }

    /// <summary>Gets or sets for how many runs a host waits for the outside at once, before it takes no more. Default 100.</summary>
    [Range(1, 10_000)]
    public int Calls { get; set; } = 100;

    /// <summary>Gets or sets by what part waits before a retry are made longer or shorter at random, so that many do not come back at once. Default 0.1 (0 to 1).</summary>
    [Range(0.0, 1.0)]
    public double Jitter { get; set; } = 0.1;

    /// <summary>Gets or sets how many activities a run may run, loops included. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxSteps { get; set; } = 10_000;

    /// <summary>Gets or sets how many causes may lie before an event that starts a flow; flows that start each other in a circle end there. Default 16.</summary>
    [Range(1, 1000)]
    public int MaxDepth { get; set; } = 16;

    /// <summary>Gets or sets how often a failed activity is tried again, where neither it nor its automation says. Default 5.</summary>
    [Range(0, 100)]
    public int Retries { get; set; } = 5;

    /// <summary>Gets or sets how long after its first failure such an activity is tried again; doubled each time, up to an hour. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how often a host looks for flows with a cron expression that were published or retracted: so long it may take until one is first started, or no longer. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan CronInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the role in which a program may report tasks done that flows ask for, besides <see cref="WfmOptions.PublisherRole"/>; none unless set.</summary>
    public string? TaskRole { get; set; }

    internal RetryPolicy Retry => new(Retries, RetryAfter, IsFixed: false, Jitter);

    internal RetryPolicy Crash => new(Crashes, RetryAfter, IsFixed: false, Jitter);
}
