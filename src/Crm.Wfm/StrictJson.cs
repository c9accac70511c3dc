using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Crm.Wfm.Rules;

namespace Crm.Wfm;

/// <summary>
/// How this package reads JSON it did not write: in linear time, with every fault's place, and nothing let in that could not be stored and written again.
/// </summary>
public static class StrictJson
{
    /// <summary>How many lists and objects may lie within each other.</summary>
    public const int MaxDepth = 64;

    /// <summary>The longest name of a member, in UTF-16 code units; pointers are made of names.</summary>
    public const int MaxNameLength = 1000;

    /// <summary>For what was let in and kept: its 64 levels lie some levels deeper in history, and where post-actions put them.</summary>
    internal static JsonDocumentOptions Kept { get; } = new() { AllowDuplicateProperties = false, MaxDepth = 4 * MaxDepth };

    /// <summary>Reads JSON text. Never throws for what the bytes hold.</summary>
    /// <param name="utf8">The text; a byte order mark is skipped.</param>
    /// <param name="faults">Gets every fault: <c>malformed-json</c>, <c>invalid-utf8</c>, <c>too-deep</c>, <c>duplicate-key</c>, <c>nul-character</c>,
    /// <c>lone-surrogate</c>, <c>number-range</c>, <c>name-too-long</c>; at most 100.</param>
    /// <returns>The value, or <c>null</c> when faults were added.</returns>
    public static Value? Read(ReadOnlySpan<byte> utf8, ICollection<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (!Utf8.IsValid(utf8))
        {
            faults.Add(new Fault("", "invalid-utf8", $"byte {FirstInvalid(utf8) + 1} is not UTF-8"));
            return null;
        }

        var scan = new JsonScan();
        var value = scan.Read(utf8);
        foreach (var fault in scan.Faults) faults.Add(fault);
        return scan.Faults.Count == 0 ? value : null;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == System.Buffers.OperationStatus.Done) at += length;
        return at;
    }
}
