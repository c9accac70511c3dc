using System.Text.Json.Serialization;
using Crm.Wfm.Rules;

namespace Crm.Wfm;

/// <summary>One thing wrong with a document somebody gave us.</summary>
/// <param name="Pointer">JSON Pointer (RFC 6901) of the place; the empty string is the whole document.</param>
/// <param name="Key">Stable kebab-case key of the kind of fault.</param>
/// <param name="Message">What is wrong and, where we can tell, what would be right.</param>
public sealed record Fault(string Pointer, string Key, string Message)
{
    /// <summary>Gets an example that shows it, of what was proved of a bundle; left out where there is none. One of a workflow is a test, as the bundle's own are, that passes.</summary>
    [JsonType("object"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Value Example { get; init; }

    /// <summary>Moves the fault below a place of a larger document.</summary>
    public Fault Below(string pointer) => this with { Pointer = pointer + Pointer };
}
