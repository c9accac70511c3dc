using Crm.Wfm.Flows.Activities;

namespace Crm.Wfm.Flows.Running;

/// <summary>Why an attempt failed, in words the run's row keeps.</summary>
internal sealed class RunFailure : Exception
{
    private const int Most = 2000;

    public RunFailure(string message, string? activity = null) : base(message) => Activity = activity;

    public RunFailure(Exception cause, string? activity = null) : base(Text(cause), cause) => Activity = activity;

    /// <summary>Gets the id of the activity that failed; <c>null</c> when none had begun.</summary>
    public string? Activity { get; }

    // Whatever it says, the database can hold it.
    private static string Text(Exception cause)
    {
        var text = (cause is FlowException ? cause.Message : $"{cause.GetType().Name}: {cause.Message}").Replace('\0', '\uFFFD');
        return string.Concat(text[..Math.Min(text.Length, Most)].EnumerateRunes());
    }
}
