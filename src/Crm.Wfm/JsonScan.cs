using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Crm.Wfm.Rules;

namespace Crm.Wfm;

/// <summary>One pass over JSON text that builds the value and finds what may not be in it.</summary>
internal sealed class JsonScan
{
    private const int MaxFaults = 100;
    private const long MaxInteger = 1L << 53;

    // Names and values of all that is open, one after the other: a list each for every object would be most of the work.
    private readonly Stack<Frame> _open = new();
    private readonly List<string> _names = [];
    private readonly List<Value> _values = [];

    public List<Fault> Faults { get; } = [];

    public Value Read(ReadOnlySpan<byte> utf8)
    {
        // One level more than allowed, so that too deep is ours to tell.
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = StrictJson.MaxDepth + 1 });
        try
        {
            while (Faults.Count < MaxFaults && reader.Read() && Take(ref reader))
            {
            }
        }
        catch (JsonException e)
        {
            Faults.Add(new Fault(Pointer(), "malformed-json", $"line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {Words(e)}"));
        }

        return Faults.Count == 0 ? _values[0] : Value.Null;
    }

    private bool Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when _open.Count == StrictJson.MaxDepth:
                Refuse("too-deep", $"is nested deeper than {StrictJson.MaxDepth} levels");
                return false;
            case JsonTokenType.StartObject or JsonTokenType.StartArray: _open.Push(new Frame(reader.TokenType == JsonTokenType.StartObject, _names.Count, _values.Count)); break;
            case JsonTokenType.EndObject: _values.Add(Object(_open.Pop())); break;
            case JsonTokenType.EndArray: _values.Add(Value.From(Taken(_open.Pop().Values))); break;
            case JsonTokenType.PropertyName: TakeName(ref reader); break;
            case JsonTokenType.String: _values.Add(Value.From(Text(ref reader))); break;
            case JsonTokenType.Number: _values.Add(Value.From(Number(ref reader))); break;
            case JsonTokenType.True: _values.Add(Value.True); break;
            case JsonTokenType.False: _values.Add(Value.False); break;
            default: _values.Add(Value.Null); break;
        }

        return true;
    }

    private Value[] Taken(int from)
    {
        var taken = CollectionsMarshal.AsSpan(_values)[from..].ToArray();
        _values.RemoveRange(from, taken.Length);
        return taken;
    }

    private void TakeName(ref Utf8JsonReader reader)
    {
        var name = Name(ref reader) ?? $"\0{_names.Count}";
        if (name.Length > StrictJson.MaxNameLength) Refuse("name-too-long", $"has a member whose name is longer than {StrictJson.MaxNameLength} characters");
        _names.Add(name);
    }

    // Most names were met before.
    private string? Name(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped || reader.ValueSpan.Length > FactNames.LongestKept) return Text(ref reader) is { } text ? FactNames.Of(text) : null;
        Span<char> name = stackalloc char[FactNames.LongestKept];
        return FactNames.Of(name[..reader.CopyString(name)]);
    }

    /// <summary>Gives the text; <c>null</c> when it holds what cannot be stored.</summary>
    private string? Text(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped || UnstorableEscape(reader.ValueSpan) is not { } key) return reader.GetString();
        Refuse(key, key == "nul-character" ? "holds the character \\u0000, which no database text can" : "holds half of a surrogate pair");
        return null;
    }

    /// <summary>Looks at the escapes only: unescaped, JSON has no such characters.</summary>
    private static string? UnstorableEscape(ReadOnlySpan<byte> text)
    {
        while (text.IndexOf((byte)'\\') is var at and >= 0)
        {
            text = text[at..];
            if (text[1] != 'u')
            {
                text = text[2..];
                continue;
            }

            var unit = Unit(text);
            text = text[6..];
            if (unit == '\0') return "nul-character";
            if (char.IsLowSurrogate(unit)) return "lone-surrogate";
            if (!char.IsHighSurrogate(unit)) continue;
            if (!text.StartsWith("\\u"u8) || !char.IsLowSurrogate(Unit(text))) return "lone-surrogate";
            text = text[6..];
        }

        return null;
    }

    private static char Unit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private double Number(ref Utf8JsonReader reader)
    {
        var number = reader.GetDouble();
        var isInteger = !reader.ValueSpan.ContainsAny((byte)'.', (byte)'e', (byte)'E');
        if (!double.IsFinite(number)) Refuse("number-range", "is a number too large for a double");
        else if (isInteger && !(reader.TryGetInt64(out var integer) && integer is <= MaxInteger and >= -MaxInteger))
            Refuse("number-range", "is an integer beyond 2^53, where doubles skip some");
        return number;
    }

    private Value Object(Frame frame)
    {
        var names = CollectionsMarshal.AsSpan(_names)[frame.Names..];
        var values = CollectionsMarshal.AsSpan(_values)[frame.Values..];
        if (names.IsEmpty) return Value.From(FactObject.Empty);
        if (names.Length > 1) names.Sort(values, StringComparer.Ordinal);
        var twice = Twice(names);
        var value = twice is [] ? Value.From(new FactObject(Shape.OfShared(names), values.ToArray())) : Value.Null;
        _names.RemoveRange(frame.Names, names.Length);
        _values.RemoveRange(frame.Values, values.Length);
        foreach (var name in twice)
            if (Faults.Count < MaxFaults) Faults.Add(new Fault(Pointer() + JsonPointer.Token(name), "duplicate-key", $"the member '{name}' occurs twice"));
        return value;
    }

    // Each is told once, however often it occurs.
    private static string[] Twice(ReadOnlySpan<string> sorted)
    {
        List<string>? twice = null;
        for (var i = 1; i < sorted.Length; i++)
            if (sorted[i] == sorted[i - 1] && (i == 1 || sorted[i] != sorted[i - 2])) (twice ??= []).Add(sorted[i]);
        return twice?.ToArray() ?? [];
    }

    private void Refuse(string key, string message) => Faults.Add(new Fault(Pointer(), key, message));

    /// <summary>Writes where the scan is: in each open object the member being read, in each open list the item.</summary>
    private string Pointer()
    {
        var pointer = new StringBuilder();
        var frames = _open.Reverse().Append(new Frame(false, _names.Count, _values.Count)).ToList();
        foreach (var (frame, next) in frames.Zip(frames.Skip(1)))
        {
            var (names, values) = (next.Names - frame.Names, next.Values - frame.Values);
            if (!frame.IsObject) pointer.Append(JsonPointer.Token(values));
            else if (names > values) pointer.Append(JsonPointer.Token(_names[next.Names - 1]));
        }

        return pointer.ToString();
    }

    /// <summary>The parser's words without the place, which it counts from 0.</summary>
    private static string Words(JsonException e) => e.Message.Split(" LineNumber:")[0];

    /// <summary>An object or list whose end has not come yet.</summary>
    /// <param name="IsObject">Which of the two.</param>
    /// <param name="Names">Where its names begin.</param>
    /// <param name="Values">Where its values begin.</param>
    private readonly record struct Frame(bool IsObject, int Names, int Values);
}
