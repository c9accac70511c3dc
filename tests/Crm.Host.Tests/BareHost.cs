namespace Crm.Host.Tests;

/// <summary>A host whose workspaces have no process yet.</summary>
public class BareHost : CrmHost
{
    protected override Task<IReadOnlyList<byte[]>> BundlesAsync() => Task.FromResult<IReadOnlyList<byte[]>>([]);
}
