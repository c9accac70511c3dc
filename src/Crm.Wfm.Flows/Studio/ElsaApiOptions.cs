using Crm.Wfm.Moves;
using Microsoft.AspNetCore.Http;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Settings of the API that Elsa Studio talks to.</summary>
public sealed class ElsaApiOptions
{
    /// <summary>Gets or sets who may do what; without it whoever is signed in may look, and members of <see cref="WfmOptions.PublisherRole"/> may do everything.</summary>
    public Func<HttpContext, Actor, ElsaRights>? RightsOf { get; set; }

    /// <summary>Gets or sets how often the runs somebody watches are looked at when no burst of this host tells of them: other hosts' show then. Default 1 s.</summary>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how long after an update the next one of the same run is sent at the earliest. Default 250 ms.</summary>
    public TimeSpan UpdateInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets or sets how long a connection to the hub lasts; then it is closed, and Studio signs in anew. So long can what was taken back still listen. Default 1 h.</summary>
    public TimeSpan ConnectionLease { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets how large a definition may be that is saved or imported, in bytes. Default 10 MB, which is the most Studio reads from a file.</summary>
    public int MaxDefinitionBytes { get; set; } = 10_000_000;

    internal ElsaRights Of(HttpContext http, Actor actor, string publisherRole) =>
        RightsOf?.Invoke(http, actor) ?? (actor.Roles.Contains(publisherRole) ? ElsaRights.All : ElsaRights.Look);
}

/// <summary>What somebody may do in Elsa Studio.</summary>
[Flags]
public enum ElsaRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>See flows, runs and what activities did.</summary>
    Look = 1,

    /// <summary>Start, cancel and delete runs.</summary>
    Run = 2,

    /// <summary>Save, publish, retract, import and delete flows. Without it Studio shows them read-only.</summary>
    Edit = 4,

    /// <summary>All of it.</summary>
    All = Look | Run | Edit,
}
