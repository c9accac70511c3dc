using System.ComponentModel.DataAnnotations;

namespace Crm.Host.Realtime;

/// <summary>Settings of the hub that tells of changes.</summary>
internal sealed class RealtimeOptions
{
    /// <summary>Gets or sets how long a connection lasts; then it is closed, and the client signs in anew. So long can what was taken back still listen. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how often the feed is looked at when no signal comes. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how many changes of a workspace are kept for clients slower than others; who is further behind misses some, and asks for them. Default 1000.</summary>
    [Range(1, 100_000)]
    public int Kept { get; set; } = 1000;
}
