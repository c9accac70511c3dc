using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>What somebody told a run to do; its next burst does it.</summary>
/// <param name="Kind">What.</param>
/// <param name="Activity">From which activity on, by its node id; <c>null</c> for all it is about.</param>
internal sealed record Intervention(InterventionKind Kind, string? Activity = null)
{
    public string Text()
    {
        var members = new FactObjectBuilder { ["do"] = Value.From(Kind.ToString()) };
        if (Activity is not null) members["activity"] = Value.From(Activity);
        return CanonicalJson.Text(Value.From(members.Build()));
    }

    public static Intervention Of(string text)
    {
        var members = Value.Parse(text);
        return new(Enum.Parse<InterventionKind>(members["do"].AsText!), members["activity"].AsText);
    }
}

internal enum InterventionKind
{
    /// <summary>Runs the activities that failed for good once more.</summary>
    Replay,

    /// <summary>Goes on where it was when it was cancelled.</summary>
    Resume,

    /// <summary>Waits no longer.</summary>
    Wake,

    /// <summary>Runs again from an activity on.</summary>
    Rerun,
}
