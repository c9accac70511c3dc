using Crm.Wfm.Flows.Activities;

namespace Crm.Wfm.Flows.Running;

/// <summary>Waits for activities as long as they may take, and not much longer, whether or not they listen.</summary>
internal static class Patience
{
    private static readonly TimeSpan MostGrace = TimeSpan.FromSeconds(5);

    /// <summary>Says how long an activity has to end once it was told to.</summary>
    public static TimeSpan Grace(TimeSpan limit) => limit < MostGrace ? limit : MostGrace;

    /// <summary>Runs an activity.</summary>
    /// <param name="act">The activity.</param>
    /// <param name="isTrusted">Whether it only computes, and ends by itself.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="ct">Cancels when the host stops.</param>
    /// <exception cref="TookTooLong">It took longer.</exception>
    /// <exception cref="ActivityHung">It took longer, and goes on.</exception>
    public static async Task<ActivityResult> ActAsync(Func<CancellationToken, Task<ActivityResult>> act, bool isTrusted, TimeSpan limit, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(limit);
        var token = patience.Token;
        // On a thread of its own: what never gives its thread back is not waited for either.
        var acting = isTrusted ? act(token) : Task.Run(() => act(token), CancellationToken.None);
        try
        {
            return isTrusted ? await acting : await acting.WaitAsync(limit + Grace(limit), CancellationToken.None);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested && token.IsCancellationRequested)
        {
            throw new TookTooLong($"it took longer than {limit}");
        }
        catch (TimeoutException) when (!acting.IsCompleted)
        {
            throw new ActivityHung($"it took longer than {limit}, and did not stop when it was told to");
        }
    }
}

/// <summary>An activity that took longer than it may, and stopped when it was told to.</summary>
internal sealed class TookTooLong(string message) : Exception(message);
