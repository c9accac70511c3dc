using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Persistence;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Reads what runs of the workspace at hand did.</summary>
internal sealed class RunTraces(HostContext host, FlowLibrary library, ActivityCatalog activities)
{
    /// <summary>Reads a run; <c>null</c> when there is none, or it is another workspace's, or the id is none.</summary>
    public async Task<RunTrace?> FindAsync(string? run, CancellationToken ct) => Guid.TryParse(run, out var id) ? await FindAsync(id, ct) : null;

    /// <summary>Reads a run; <c>null</c> when there is none, or it is another workspace's.</summary>
    public Task<RunTrace?> FindAsync(Guid run, CancellationToken ct) => RunTrace.ReadAsync(host.Db, host.Workspace, run, library, activities, ct);
}
