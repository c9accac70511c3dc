using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Crm.Wfm.Rules;

/// <summary>What a <see cref="Value"/> holds: the six kinds of JSON.</summary>
public enum ValueKind : byte
{
    /// <summary>JSON <c>null</c>; also what a missing fact reads as.</summary>
    Null,
    /// <summary>JSON <c>true</c> or <c>false</c>.</summary>
    Boolean,
    /// <summary>An IEEE double, the only number rules know.</summary>
    Number,
    /// <summary>JSON string.</summary>
    Text,
    /// <summary>JSON array.</summary>
    List,
    /// <summary>JSON object.</summary>
    Object,
}

/// <summary>Any JSON value, as rules see it.</summary>
/// <remarks>It is passed by value, so that reading and comparing facts allocates nothing.</remarks>
[DebuggerDisplay("{ToString()}")]
[JsonConverter(typeof(ValueJsonConverter))]
public readonly struct Value : IEquatable<Value>
{
    private readonly object? _reference;
    private readonly double _number;

    private Value(ValueKind kind, double number, object? reference, int depth = 0) => (Kind, _number, _reference, Depth) = (kind, number, reference, depth);

    /// <summary>Gets what the value holds.</summary>
    public ValueKind Kind { get; }

    /// <summary>Gets how many lists and objects lie within each other here; 0 for what is neither.</summary>
    public int Depth { get; }

    /// <summary>JSON <c>null</c>.</summary>
    public static Value Null => default;

    /// <summary>JSON <c>true</c>.</summary>
    public static Value True => new(ValueKind.Boolean, 1, null);

    /// <summary>JSON <c>false</c>.</summary>
    public static Value False => new(ValueKind.Boolean, 0, null);

    /// <summary>Gets whether the value is JSON <c>null</c> or missing.</summary>
    public bool IsNull => Kind == ValueKind.Null;

    /// <summary>Gets the truth value; <c>false</c> when <see cref="Kind"/> is not <see cref="ValueKind.Boolean"/>.</summary>
    public bool AsBoolean => Kind == ValueKind.Boolean && _number != 0;

    /// <summary>Gets the number; 0 or 1 for a boolean, 0 for everything else.</summary>
    public double AsNumber => _number;

    /// <summary>Gets the text, or <c>null</c> when the value is none.</summary>
    public string? AsText => _reference as string;

    /// <summary>Gets the items; empty when the value is no list.</summary>
    public ReadOnlySpan<Value> AsList => _reference as Value[];

    /// <summary>Gets the object, or <c>null</c> when the value is none.</summary>
    public FactObject? AsObject => _reference as FactObject;

    /// <summary>Makes a number. NaN and infinities are allowed here; JSON text cannot hold them, so they are written as <c>null</c>.</summary>
    public static Value From(double number) => new(ValueKind.Number, number, null);

    /// <summary>Makes a boolean.</summary>
    public static Value From(bool value) => value ? True : False;

    /// <summary>Makes a text; <c>null</c> becomes <see cref="Null"/>.</summary>
    public static Value From(string? text) => text is null ? default : new(ValueKind.Text, 0, text);

    /// <summary>Makes a list; the array is kept, not copied, and must not change afterwards.</summary>
    public static Value From(Value[] items) => new(ValueKind.List, 0, items, 1 + DeepestOf(items));

    /// <summary>Makes an object; <c>null</c> becomes <see cref="Null"/>.</summary>
    public static Value From(FactObject? value) => value is null ? default : new(ValueKind.Object, 0, value, value.Depth);

    /// <summary>Makes a time fact: <c>yyyy-MM-ddTHH:mm:ss.fffZ</c> text in UTC, so that comparing texts compares times.</summary>
    public static Value From(DateTimeOffset time) => From(FactTime.Text(time));

    /// <summary>Makes an id fact: the 36 characters of the usual text form.</summary>
    public static Value From(Guid id) => From(id.ToString());

    /// <summary>Reads parsed JSON. Numbers become doubles.</summary>
    /// <exception cref="JsonException">A number is beyond doubles, or a text has half of a surrogate pair: neither could be written again.</exception>
    public static Value From(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.True: return True;
            case JsonValueKind.False: return False;
            case JsonValueKind.Number: return From(Number(json));
            case JsonValueKind.String: return From(Text(json));
            case JsonValueKind.Array:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                var items = new Value[json.GetArrayLength()];
                var at = 0;
                foreach (var item in json.EnumerateArray()) items[at++] = From(item);
                return From(items);
            case JsonValueKind.Object:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                var builder = new FactObjectBuilder();
                foreach (var member in json.EnumerateObject()) builder[member.Name] = From(member.Value);
                return From(builder.Build());
            default: return Null;
        }
    }

    internal static int DeepestOf(ReadOnlySpan<Value> parts)
    {
        var depth = 0;
        foreach (ref readonly var part in parts) depth = Math.Max(depth, part.Depth);
        return depth;
    }

    private static double Number(JsonElement json) =>
        json.GetDouble() is var number && double.IsFinite(number) ? number : throw new JsonException("A number is too large for a double.");

    private static string? Text(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException half)
        {
            throw new JsonException("A text holds half of a surrogate pair.", half);
        }
    }

    /// <summary>Reads a JSON node; <c>null</c> becomes <see cref="Null"/>.</summary>
    public static Value From(JsonNode? json)
    {
        if (json is null) return Null;
        using var document = JsonDocument.Parse(json.ToJsonString());
        return From(document.RootElement);
    }

    /// <summary>Parses JSON text.</summary>
    /// <exception cref="JsonException">The text is not JSON, names a member twice, is nested over 256 deep, or holds what <see cref="From(JsonElement)"/> refuses.</exception>
    public static Value Parse(string json)
    {
        using var document = JsonDocument.Parse(json, StrictJson.Kept);
        return From(document.RootElement);
    }

    /// <summary>Finds a member of an object; <see cref="Null"/> when this is no object or has no such member.</summary>
    public Value this[string name] => AsObject is { } o ? o[name] : Null;

    /// <summary>Compares deeply: numbers by value, objects whatever the order of their members.</summary>
    public bool Equals(Value other)
    {
        if (Kind != other.Kind) return false;
        switch (Kind)
        {
            case ValueKind.Null: return true;
            case ValueKind.Text: return string.Equals(AsText, other.AsText, StringComparison.Ordinal);
            case ValueKind.List:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                if (AsList.Length != other.AsList.Length) return false;
                for (var i = 0; i < AsList.Length; i++)
                {
                    if (!AsList[i].Equals(other.AsList[i])) return false;
                }

                return true;
            case ValueKind.Object:
                RuntimeHelpers.EnsureSufficientExecutionStack();
                return AsObject!.Equals(other.AsObject);
            default: return _number.Equals(other._number);
        }
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        ValueKind.Text => AsText!.GetHashCode(StringComparison.Ordinal),
        ValueKind.List => AsList.Length,
        ValueKind.Object => AsObject!.Count,
        _ => HashCode.Combine(Kind, _number),
    };

    /// <summary>Compares two values deeply.</summary>
    public static bool operator ==(Value left, Value right) => left.Equals(right);

    /// <summary>Compares two values deeply.</summary>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>Writes the value as RFC 8785 canonical JSON.</summary>
    public override string ToString() => CanonicalJson.Text(this);

    /// <summary>Makes a JSON node with the same content.</summary>
    public JsonNode? ToJson() => JsonNode.Parse(CanonicalJson.Text(this), documentOptions: StrictJson.Kept);
}

/// <summary>Lets a value stand in any serialized type as the JSON it is.</summary>
internal sealed class ValueJsonConverter : JsonConverter<Value>
{
    public override Value Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return Value.From(document.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, Value value, JsonSerializerOptions options) => writer.WriteRawValue(CanonicalJson.Text(value), skipInputValidation: true);
}
