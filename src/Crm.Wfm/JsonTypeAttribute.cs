namespace Crm.Wfm;

/// <summary>Says, where an API is described, which JSON a member has whose .NET type leaves that open.</summary>
/// <param name="types">The types of JSON Schema, such as <c>object</c> and <c>null</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class JsonTypeAttribute(params string[] types) : Attribute
{
    /// <summary>Gets the types.</summary>
    public IReadOnlyList<string> Types => types;

    /// <summary>Gets the form a text has, such as <c>date-time</c>.</summary>
    public string? Format { get; init; }
}
