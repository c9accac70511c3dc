using System.Text.Json;
using Crm.Wfm.Moves;

namespace Crm.Wfm.Bundles;

/// <summary>That a bundle was published although tests of its own failed. Kept with the publication, which never changes; who published it stands beside it.</summary>
/// <param name="Reason">Why, in the words of who did.</param>
/// <param name="Tests">Keys of the tests that failed.</param>
public sealed record TestOverride(string Reason, IReadOnlyList<string> Tests)
{
    /// <summary>The most characters a reason has.</summary>
    public const int MaxReason = 2000;

    /// <summary>Finds what is wrong with a reason; <c>null</c> when nothing is.</summary>
    internal static Fault? Check(string reason, string pointer) =>
        string.IsNullOrWhiteSpace(reason) ? new(pointer, "required", "says why the bundle is published although its tests fail")
        : reason.Length > MaxReason ? new(pointer, "max-length", $"has more than {MaxReason} characters")
        : CommandValues.Unstorable(reason, pointer);

    internal static TestOverride? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<TestOverride>(json, JsonSerializerOptions.Web);

    internal string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
