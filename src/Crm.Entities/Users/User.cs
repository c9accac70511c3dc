namespace Crm.Entities.Users;

/// <summary>A member of a workspace.</summary>
public sealed class User
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the id: the actor of moves.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets or sets the name.</summary>
    public required string Name { get; set; }

    /// <summary>Gets or sets the role keys.</summary>
    public required string[] Roles { get; set; }

    /// <summary>Gets when the user joined.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
