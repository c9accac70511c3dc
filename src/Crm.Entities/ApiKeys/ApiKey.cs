using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Entities.ApiKeys;

/// <summary>A key by which a program acts as a user. Only a hash of its secret is stored.</summary>
public sealed class ApiKey
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the id, part of the key's text.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the user it acts as.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Gets what its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what it may be used for; see <see cref="ApiKeyScopes"/>.</summary>
    public required string[] Scopes { get; init; }

    /// <summary>Gets SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>Gets the last characters of its text, by which its owner knows it again.</summary>
    public required string LastFour { get; init; }

    /// <summary>Gets when it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets who made it.</summary>
    public required Guid CreatedBy { get; init; }

    /// <summary>Gets when it ends by itself; <c>null</c> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets or sets when it was revoked.</summary>
    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>What a key may be used for.</summary>
public static class ApiKeyScopes
{
    /// <summary>Reading: GET and HEAD.</summary>
    public const string Read = "read";

    /// <summary>Changing: every other method.</summary>
    public const string Write = "write";

    /// <summary>Gets all there are.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, Write];
}

/// <summary>A key's text: <c>crm_</c>, its id in hex, <c>_</c>, a 256-bit secret in base64url and a checksum of all before it, so that a mistyped key is known without asking the database and scanners find leaked ones.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="Secret">The secret, 32 bytes.</param>
public sealed record ApiKeyText(Guid Id, byte[] Secret)
{
    private const string Prefix = "crm_";

    /// <summary>Gets SHA-256 of the secret.</summary>
    public byte[] SecretHash => SHA256.HashData(Secret);

    /// <summary>Makes a new key.</summary>
    public static ApiKeyText Create(DateTimeOffset now) => new(Guid.CreateVersion7(now), RandomNumberGenerator.GetBytes(32));

    /// <summary>Reads a key; <c>null</c> when the text is none.</summary>
    public static ApiKeyText? Parse(string text)
    {
        if (text.Length != 4 + 32 + 1 + 43 + 8 || !text.StartsWith(Prefix, StringComparison.Ordinal) || Checksum(text[..^8]) != text[^8..]) return null;
        if (!Guid.TryParseExact(text[4..36], "N", out var id) || !Base64Url.IsValid(text.AsSpan(37, 43))) return null;
        return new(id, Base64Url.DecodeFromChars(text.AsSpan(37, 43)));
    }

    /// <summary>Makes the row that knows this key again.</summary>
    public ApiKey ToRow(Guid workspace, Guid user, string name, IEnumerable<string> scopes, Guid createdBy, DateTimeOffset createdAt, DateTimeOffset? expiresAt = null) => new()
    {
        WorkspaceId = workspace,
        Id = Id,
        UserId = user,
        Name = name,
        Scopes = [.. scopes],
        SecretHash = SecretHash,
        LastFour = ToString()[^4..],
        CreatedAt = createdAt,
        CreatedBy = createdBy,
        ExpiresAt = expiresAt,
    };

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = $"{Prefix}{Id:N}_{Base64Url.EncodeToString(Secret)}";
        return text + Checksum(text);
    }

    private static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)).AsSpan(0, 4));
}
