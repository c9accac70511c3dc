using System.Buffers.Text;
using System.Security.Cryptography;

namespace Crm.Entities.Users;

/// <summary>A pending invitation of a user. Only a hash of its secret is stored.</summary>
public sealed class Invitation
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the user who is invited.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Gets or sets SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; set; }

    /// <summary>Gets or sets until when it can be accepted.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Gets or sets when it was made.</summary>
    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>Gets or sets who invited.</summary>
    public required Guid CreatedBy { get; set; }
}

/// <summary>What an invited person is given: workspace, user and a 256-bit secret in base64url.</summary>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="UserId">The user.</param>
/// <param name="Secret">The secret, 32 bytes.</param>
public sealed record InvitationToken(Guid WorkspaceId, Guid UserId, byte[] Secret)
{
    private const int Length = 16 + 16 + 32;

    /// <summary>Gets SHA-256 of the secret.</summary>
    public byte[] SecretHash => SHA256.HashData(Secret);

    /// <summary>Makes a new token.</summary>
    public static InvitationToken Create(Guid workspace, Guid user) => new(workspace, user, RandomNumberGenerator.GetBytes(32));

    /// <summary>Reads a token; <c>null</c> when the text is none.</summary>
    public static InvitationToken? Parse(string text)
    {
        if (!Base64Url.IsValid(text, out var length) || length != Length) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        return new(new(bytes.AsSpan(0, 16)), new(bytes.AsSpan(16, 16)), bytes[32..]);
    }

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString([.. WorkspaceId.ToByteArray(), .. UserId.ToByteArray(), .. Secret]);
}
