using Crm.Wfm.Moves;

namespace Crm.Entities.Users;

/// <summary>A member of a workspace. One with an account is a person who signs in; one without acts by API keys alone.</summary>
public sealed class User
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the id: the actor of moves.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets or sets the account; <c>null</c> for a program, and until an invitation is accepted.</summary>
    public Guid? AccountId { get; set; }

    /// <summary>Gets or sets the name.</summary>
    public required string Name { get; set; }

    /// <summary>Gets the e-mail address; the account's, where there is one.</summary>
    public string? Email { get; init; }

    /// <summary>Gets or sets the role keys.</summary>
    public required string[] Roles { get; set; }

    /// <summary>Gets or sets whether the user may come in.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>Gets the version: 1 when created, raised by one at every change.</summary>
    public int Version { get; private set; } = 1;

    /// <summary>Gets when the user joined.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets who let them join; the system at first.</summary>
    public Guid CreatedBy { get; init; }

    /// <summary>Gets when the user was last changed; <c>null</c> when never.</summary>
    public DateTimeOffset? UpdatedAt { get; private set; }

    /// <summary>Gets who last changed the user.</summary>
    public Guid? UpdatedBy { get; private set; }

    /// <summary>Notes down a change.</summary>
    public void Touch(Actor by, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(by);
        (Version, UpdatedAt, UpdatedBy) = (Version + 1, at, by.Id);
    }
}
