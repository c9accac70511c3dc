namespace Crm.Wfm;

/// <summary>Workspaces: tenants. Every row belongs to one.</summary>
public static class Workspace
{
    /// <summary>The workspace of applications without tenants.</summary>
    public static Guid Default { get; } = new("00000000-0000-0000-0000-000000000001");
}

/// <summary>The workspace this scope works in: one request, one job. Starts as <see cref="Workspace.Default"/>.</summary>
public sealed class CurrentWorkspace
{
    /// <summary>Gets or sets the workspace.</summary>
    public Guid Id { get; set; } = Workspace.Default;
}
