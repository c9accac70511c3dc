using Crm.Wfm.Moves;

namespace Crm.Entities.Teams;

/// <summary>Some users under one name.</summary>
public sealed class Team
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets or sets the name.</summary>
    public required string Name { get; set; }

    /// <summary>Gets the version: 1 when created, raised by one at every change, of members too.</summary>
    public int Version { get; private set; } = 1;

    /// <summary>Gets when it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets who created it.</summary>
    public required Guid CreatedBy { get; init; }

    /// <summary>Gets when it was last changed; <c>null</c> when never.</summary>
    public DateTimeOffset? UpdatedAt { get; private set; }

    /// <summary>Gets who last changed it.</summary>
    public Guid? UpdatedBy { get; private set; }

    /// <summary>Gets the members.</summary>
    public List<TeamMember> Members { get; init; } = [];

    /// <summary>Notes down a change.</summary>
    public void Touch(Actor by, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(by);
        (Version, UpdatedAt, UpdatedBy) = (Version + 1, at, by.Id);
    }
}

/// <summary>A user in a team.</summary>
public sealed class TeamMember
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the team.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>Gets the user.</summary>
    public required Guid UserId { get; init; }
}
