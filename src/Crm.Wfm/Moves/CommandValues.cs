using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Moves;

/// <summary>The JSON and the texts of a command, and what is wrong with them whoever made them.</summary>
internal static class CommandValues
{
    /// <summary>Reads JSON under the rules of <see cref="StrictJson"/>; <see cref="Value.Null"/> when there is none, or when faults were added.</summary>
    public static Value Read(JsonObject? json, string pointer, List<Fault> faults)
    {
        if (json is null) return Value.Null;
        var found = new List<Fault>();
        var value = Utf8(json, found) is { } utf8 ? StrictJson.Read(utf8, found) : null;
        faults.AddRange(found.Select(f => f.Below(pointer)));
        return value ?? Value.Null;
    }

    /// <summary>Adds what <see cref="Unstorable"/> finds.</summary>
    public static void Check(string? text, string pointer, List<Fault> faults)
    {
        if (Unstorable(text, pointer) is { } fault) faults.Add(fault);
    }

    /// <summary>Finds what no database text can hold.</summary>
    public static Fault? Unstorable(string? text, string pointer) =>
        text is null ? null
        : text.Contains('\0', StringComparison.Ordinal) ? new(pointer, "nul-character", "holds the character \\u0000, which no database text can")
        : HasHalfPair(text) ? new(pointer, "lone-surrogate", "holds half of a surrogate pair")
        : null;

    // A node can hold what is no JSON: NaN, or a text that was parsed but cannot be written.
    private static byte[]? Utf8(JsonObject json, List<Fault> faults)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(json);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or JsonException)
        {
            faults.Add(new("", "malformed-json", e.Message));
            return null;
        }
    }

    private static bool HasHalfPair(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var length) != OperationStatus.Done) return true;
            text = text[length..];
        }

        return false;
    }
}
