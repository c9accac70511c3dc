using System.ComponentModel.DataAnnotations;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Settings of the webhooks flows send, section <c>Wfm:Flows:Webhooks</c> by custom.</summary>
public sealed class WebhookOptions : IValidatableObject
{
    /// <summary>Gets or sets the secrets webhooks are signed with, by the names flows say.</summary>
    public Dictionary<string, WebhookSecret> Secrets { get; set; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, secret) in Secrets)
        {
            if (secret.Problem is { } problem) yield return new($"Secret '{name}': {problem}", [nameof(Secrets)]);
        }
    }
}

/// <summary>A secret webhooks are signed with.</summary>
public sealed class WebhookSecret
{
    private const string Prefix = "whsec_";

    /// <summary>Gets or sets the key: <c>whsec_</c> and 24 to 64 bytes in base64; several, with spaces between, while one takes the other's place.</summary>
    public string Key { get; set; } = "";

    /// <summary>Gets or sets the workspace whose flows may use it; <c>null</c> for every.</summary>
    public Guid? Workspace { get; set; }

    internal IEnumerable<byte[]> Keys => Key.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(k => Convert.FromBase64String(k[Prefix.Length..]));

    internal string? Problem
    {
        get
        {
            var keys = Key.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return keys.Length > 0 && Array.TrueForAll(keys, IsKey) ? null : "a key is whsec_ and 24 to 64 bytes in base64.";
        }
    }

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[128];
        return key.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(key[Prefix.Length..], bytes, out var length) && length is >= 24 and <= 64;
    }
}
