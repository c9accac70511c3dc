using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crm.Wfm.Rules;

/// <summary>
/// How a rule came to its result: a tree of operators with the values their arguments had. It is recorded while the rule is evaluated, so it holds what was looked at
/// and nothing else: arguments a short circuit left out and defaults that were not needed are missing. Of an iterator (<c>map</c>, <c>all</c>, …) the list and
/// <c>reduce</c>'s start value are kept, not the rule for each item.
/// </summary>
/// <param name="Operator">The operator's name; <c>null</c> for a literal and for a list that was computed.</param>
/// <param name="Path">What <c>var</c>, <c>val</c> and <c>exists</c> look up, where it stands in the rule; else <see cref="Value.Null"/>.</param>
/// <param name="Arguments">The arguments that were evaluated.</param>
/// <param name="Result">What came out; <see cref="Value.Null"/> where <paramref name="Error"/> did.</param>
/// <param name="Error">The error it ended in, an object with a <c>type</c>; <see cref="Value.Null"/> for none.</param>
[JsonConverter(typeof(TraceJsonConverter))]
public sealed record Trace(string? Operator, Value Path, IReadOnlyList<Trace> Arguments, Value Result, Value Error)
{
    /// <summary>
    /// Writes the tree as JSON: <c>{"op":"&lt;=","args":[{"var":"entity.discount","value":0.4},{"value":0.15}],"value":false}</c>.
    /// A constant path stands under the operator's name in place of <c>op</c>, <c>error</c> in place of <c>value</c>; <c>args</c> is left out when there are none.
    /// </summary>
    public Value ToValue()
    {
        var members = new FactObjectBuilder { [Error.IsNull ? "value" : "error"] = Error.IsNull ? Result : Error };
        if (!Path.IsNull) members[Operator!] = Path;
        else if (Operator is not null) members["op"] = Value.From(Operator);
        if (Arguments.Count > 0) members["args"] = Value.From([.. Arguments.Select(a => a.ToValue())]);
        return Value.From(members.Build());
    }

    /// <summary>Reads what <see cref="ToValue"/> wrote.</summary>
    internal static Trace From(Value json)
    {
        var (operation, path) = (json["op"].AsText, Value.Null);
        foreach (var (name, value) in json.AsObject!)
        {
            if (name is not ("op" or "args" or "value" or "error")) (operation, path) = (name, value);
        }

        return new(operation, path, [.. json["args"].AsList.ToArray().Select(From)], json["value"], json["error"]);
    }
}

/// <summary>Writes a trace in its own form: one that is as deep as a rule may be is deeper than serializers let objects be.</summary>
internal sealed class TraceJsonConverter : JsonConverter<Trace>
{
    public override Trace Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return Trace.From(Value.From(document.RootElement));
    }

    public override void Write(Utf8JsonWriter writer, Trace value, JsonSerializerOptions options) => writer.WriteRawValue(CanonicalJson.Text(value.ToValue()), skipInputValidation: true);
}

/// <summary>A term that keeps what came of it. Rules are compiled with these when somebody asks why.</summary>
internal sealed class Recorded(string? operation, Value path, Term term) : Term
{
    public override Value? Constant => term.Constant;

    public override bool IsNumeric => term.IsNumeric;

    public override long Items => term.Items;

    public override Value Evaluate(in Scope scope)
    {
        var around = scope.Run.Recording;
        var arguments = scope.Run.Recording = [];
        try
        {
            var result = term.Evaluate(in scope);
            around?.Add(new(operation, path, arguments, result, Value.Null));
            return result;
        }
        catch (Thrown thrown)
        {
            around?.Add(new(operation, path, arguments, Value.Null, thrown.Error));
            throw;
        }
        finally
        {
            scope.Run.Recording = around;
        }
    }
}
