using System.Text.Json.Nodes;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Moves;

/// <summary>The JSON of a command as values, and what is wrong with it whoever made it.</summary>
internal static class CommandValues
{
    /// <summary>The largest integer rules can hold exactly.</summary>
    private const double MaxInteger = 9007199254740992;

    public static Value Read(JsonObject? json, string pointer, List<Fault> faults)
    {
        if (json is null) return Value.Null;
        Value value;
        try
        {
            value = Value.From(json);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            faults.Add(new(pointer, "malformed-json", e.Message));
            return Value.Null;
        }

        Check(value, pointer, faults);
        return value;
    }

    // Depth is bounded by the parser that made the value.
    private static void Check(Value value, string pointer, List<Fault> faults)
    {
        switch (value.Kind)
        {
            case ValueKind.Number when double.IsInfinity(value.AsNumber) || (Math.Abs(value.AsNumber) > MaxInteger && double.IsInteger(value.AsNumber)):
                faults.Add(new(pointer, "number-range", "Numbers beyond 2^53 cannot be held exactly."));
                break;
            case ValueKind.Text when Unstorable(value.AsText!):
                faults.Add(new(pointer, "text", "Texts hold neither \\u0000 nor lone surrogates."));
                break;
            case ValueKind.List:
                for (var i = 0; i < value.AsList.Length; i++) Check(value.AsList[i], $"{pointer}/{i}", faults);
                break;
            case ValueKind.Object:
                foreach (var (name, member) in value.AsObject!)
                {
                    if (Unstorable(name)) faults.Add(new(pointer, "text", "Names hold neither \\u0000 nor lone surrogates."));
                    else Check(member, $"{pointer}{JsonPointer.Token(name)}", faults);
                }

                break;
        }
    }

    private static bool Unstorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0') return true;
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return true;
            i++;
        }

        return false;
    }
}
