using System.Text.Json.Serialization;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Moves;

/// <summary>What would unblock a refused move as a whole: the fewest changes of fields, or why there are none.</summary>
/// <param name="Fix">The changes, to be made together, on top of what was sent; <c>null</c> when no change of fields that is known does it.</param>
/// <param name="Why">Why there is no fix; <c>null</c> when there is one.</param>
public sealed record Remedy(IReadOnlyList<ProposedChange>? Fix, string? Why)
{
    internal static Remedy None(IEnumerable<string> reasons) => new(null, $"No field that can be set changes {string.Join(", ", reasons)}.");
}

/// <summary>A field to be changed.</summary>
/// <param name="Path">JSON Pointer below <c>/entity</c> (sent as <c>changes</c>) or <c>/input</c>.</param>
/// <param name="Schema">JSON Schema of the field; <see cref="Value.Null"/> where none is known.</param>
/// <param name="From">What it is now; <see cref="Value.Null"/> also when it is missing.</param>
/// <param name="Suggestion">A value that works together with the other suggestions; <c>null</c> where any does and only the user can know which; <see cref="Value.Null"/> clears the field.</param>
/// <param name="Bounds">Which values work, where that is simply said: <c>at most 0.15</c>, <c>one of a, b</c>, <c>anything but empty</c>; else <c>null</c>.</param>
public sealed record ProposedChange(
    string Path, [property: JsonType("object", "boolean", "null")] Value Schema, Value From,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Value? Suggestion = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Bounds = null);
