namespace Crm.Entities.Accounts;

/// <summary>A sign-in that lasts, of a person in one workspace. While the row is there, the tokens and cookies that name it are good.</summary>
public sealed class Session
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the user.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Gets how many times it was refreshed: the refresh token of this generation alone is good.</summary>
    public int Generation { get; init; }

    /// <summary>Gets when it began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets when it ends by itself.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
