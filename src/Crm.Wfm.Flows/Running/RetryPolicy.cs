using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>How often what failed is tried again, and when.</summary>
/// <param name="Max">Tries after the first.</param>
/// <param name="Initial">The first wait.</param>
/// <param name="IsFixed">Whether the wait stays the same; else it doubles each time.</param>
/// <param name="Jitter">By what part a wait is made longer or shorter at random, so that many do not come back at once; 0 to 1.</param>
internal sealed record RetryPolicy(int Max, TimeSpan Initial, bool IsFixed, double Jitter = 0)
{
    /// <summary>Gets the policy of what is not tried again.</summary>
    public static RetryPolicy Never { get; } = new(0, TimeSpan.Zero, IsFixed: true);

    /// <summary>Gets the longest a wait that doubles becomes. Default an hour.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Reads the policy of an automation or an activity; <c>null</c> when it has none.</summary>
    public static RetryPolicy? Read(Value retry) => retry.IsNull ? null
        : new(retry["max"].IsNull ? 5 : (int)retry["max"].AsNumber, IsoDuration.Parse(retry["initial"].AsText) ?? TimeSpan.FromSeconds(5), retry["backoff"].AsText == "fixed", Math.Clamp(retry["jitter"].AsNumber, 0, 1))
        {
            Longest = IsoDuration.Parse(retry["longest"].AsText) ?? TimeSpan.FromHours(1),
        };

    /// <summary>Says how long to wait after so many attempts; <c>null</c> when there were enough.</summary>
    public TimeSpan? WaitAfter(int attempts)
    {
        if (attempts > Max) return null;
        var seconds = IsFixed || Initial > Longest ? Initial.TotalSeconds : Math.Min(Longest.TotalSeconds, Initial.TotalSeconds * Math.Pow(2, attempts - 1));
        return TimeSpan.FromSeconds(Jitter > 0 ? seconds * (1 + (Jitter * ((Random.Shared.NextDouble() * 2) - 1))) : seconds);
    }
}
