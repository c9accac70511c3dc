using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;

namespace Crm.Wfm.Flows.Studio;

/// <summary>The descriptors of this host's own activities, made once.</summary>
internal sealed class ElsaDescriptors(ActivityCatalog activities)
{
    private readonly Lazy<IReadOnlyDictionary<string, ElsaDescriptor>> _own = new(() =>
        activities.All.Select(ActivityDescriptors.Of).Append(ActivityDescriptors.NotFoundActivity).ToDictionary(d => d.TypeName, StringComparer.Ordinal));

    public IReadOnlyDictionary<string, ElsaDescriptor> Own => _own.Value;
}

/// <summary>Everything a flow of the workspace can be drawn with: this host's activities, and flows used as activities.</summary>
internal sealed class ElsaToolbox(ElsaDescriptors descriptors, FlowDefinitions flows)
{
    /// <summary>Reads it as it is now, by type.</summary>
    public async Task<IReadOnlyDictionary<string, ElsaDescriptor>> ReadAsync(CancellationToken ct)
    {
        var all = new Dictionary<string, ElsaDescriptor>(descriptors.Own, StringComparer.Ordinal);
        foreach (var usable in await flows.ListUsableAsync(ct))
        {
            // A flow that is called as an activity of the host's is not reached by that name.
            if (usable.Latest.TypeName is { } type) all.TryAdd(type, ActivityDescriptors.Of(usable.Definition, type, usable.Latest.Id, usable.Latest.Version, usable.Latest.IsPublished));
        }

        return all;
    }
}
