using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Wfm.Rules;

namespace Crm.Wfm;

/// <summary>One pass over JSON text that builds the value and finds what may not be in it.</summary>
internal sealed class JsonScan
{
    private const int MaxFaults = 100;
    private const long MaxInteger = 1L << 53;

    private readonly Stack<Frame> _open = new();
    private Value _result;

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

        return _result;
    }

    private bool Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when _open.Count == StrictJson.MaxDepth:
                Refuse("too-deep", $"is nested deeper than {StrictJson.MaxDepth} levels");
                return false;
            case JsonTokenType.StartObject: _open.Push(new Frame([])); break;
            case JsonTokenType.StartArray: _open.Push(new Frame(null)); break;
            case JsonTokenType.EndObject: Put(Object(_open.Pop())); break;
            case JsonTokenType.EndArray: Put(Value.From(_open.Pop().Values.ToArray())); break;
            case JsonTokenType.PropertyName: TakeName(ref reader); break;
            case JsonTokenType.String: Put(Value.From(Text(ref reader))); break;
            case JsonTokenType.Number: Put(Value.From(Number(ref reader))); break;
            case JsonTokenType.True: Put(Value.True); break;
            case JsonTokenType.False: Put(Value.False); break;
            default: Put(Value.Null); break;
        }

        return true;
    }

    private void Put(Value value)
    {
        if (_open.TryPeek(out var frame)) frame.Values.Add(value);
        else _result = value;
    }

    private void TakeName(ref Utf8JsonReader reader)
    {
        var names = _open.Peek().Names!;
        var name = Text(ref reader) ?? $"\0{names.Count}";
        if (name.Length > StrictJson.MaxNameLength) Refuse("name-too-long", $"has a member whose name is longer than {StrictJson.MaxNameLength} characters");
        names.Add(name);
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
        if (frame.Values.Count == 0) return Value.From(FactObject.Empty);
        string[] names = [.. frame.Names!];
        Value[] values = [.. frame.Values];
        Array.Sort(names, values, StringComparer.Ordinal);
        var before = Faults.Count;
        for (var i = 1; i < names.Length && Faults.Count < MaxFaults; i++)
        {
            // Told once, however often the name occurs.
            if (names[i] == names[i - 1] && (i == 1 || names[i] != names[i - 2]))
                Faults.Add(new Fault(Pointer() + JsonPointer.Token(names[i]), "duplicate-key", $"the member '{names[i]}' occurs twice"));
        }

        return Faults.Count == before ? Value.From(new FactObject(new Shape(names), values)) : Value.Null;
    }

    private void Refuse(string key, string message) => Faults.Add(new Fault(Pointer(), key, message));

    /// <summary>Writes where the scan is: in each open object the member being read, in each open list the item.</summary>
    private string Pointer()
    {
        var pointer = new StringBuilder();
        foreach (var frame in _open.Reverse())
        {
            if (frame.Names is null) pointer.Append(JsonPointer.Token(frame.Values.Count));
            else if (frame.Names.Count > frame.Values.Count) pointer.Append(JsonPointer.Token(frame.Names[^1]));
        }

        return pointer.ToString();
    }

    /// <summary>The parser's words without the place, which it counts from 0.</summary>
    private static string Words(JsonException e) => e.Message.Split(" LineNumber:")[0];

    /// <summary>An object or list whose end has not come yet.</summary>
    private sealed record Frame(List<string>? Names)
    {
        public List<Value> Values { get; } = [];
    }
}
