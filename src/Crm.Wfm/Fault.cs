namespace Crm.Wfm;

/// <summary>One thing wrong with a document somebody gave us.</summary>
/// <param name="Pointer">JSON Pointer (RFC 6901) of the place; the empty string is the whole document.</param>
/// <param name="Key">Stable kebab-case key of the kind of fault.</param>
/// <param name="Message">What is wrong and, where we can tell, what would be right.</param>
public sealed record Fault(string Pointer, string Key, string Message)
{
    /// <summary>Moves the fault below a place of a larger document.</summary>
    public Fault Below(string pointer) => this with { Pointer = pointer + Pointer };
}
