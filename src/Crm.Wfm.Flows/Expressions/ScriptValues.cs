using System.Text;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>Takes values into a script and out of it. What goes in and comes out unchanged is the same; what JSON cannot hold comes out as <c>JSON.stringify</c> would have it.</summary>
internal sealed class ScriptValues(Engine engine)
{
    private const int MostNodes = 1_000_000;

    private readonly HashSet<ObjectInstance> _around = new(ReferenceEqualityComparer.Instance);
    private int _nodes;

    /// <summary>Makes what a script sees.</summary>
    public static JsValue Give(Engine engine, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null: return JsValue.Null;
            case ValueKind.Boolean: return value.AsBoolean ? JsBoolean.True : JsBoolean.False;
            case ValueKind.Number: return JsNumber.Create(value.AsNumber);
            case ValueKind.Text: return JsString.Create(value.AsText!);
            case ValueKind.List:
                var items = new JsValue[value.AsList.Length];
                for (var i = 0; i < items.Length; i++) items[i] = Give(engine, value.AsList[i]);
                return new JsArray(engine, items);
            default:
                var made = new JsObject(engine);
                foreach (var (name, member) in value.AsObject!) made.CreateDataProperty(JsString.Create(name), Give(engine, member));
                return made;
        }
    }

    /// <summary>Takes a value out.</summary>
    /// <exception cref="FlowException">It contains itself, or is too deep or too large.</exception>
    public Value Take(JsValue value) => TryTake(value, "", out var taken) ? taken : Value.Null;

    // undefined, functions and symbols are left out of objects, and null in lists.
    private bool TryTake(JsValue value, string key, out Value taken)
    {
        if (++_nodes > MostNodes) throw ScriptLimits.Over($"{MostNodes} parts of a value");
        if (_nodes % 1000 == 0) engine.Constraints.Check();
        taken = Value.Null;
        switch (value.Type)
        {
            case Types.Undefined or Types.Symbol: return false;
            case Types.Null: return true;
            case Types.Boolean: taken = Value.From(value.AsBoolean()); return true;
            case Types.Number: taken = double.IsFinite(value.AsNumber()) ? Value.From(value.AsNumber()) : Value.Null; return true;
            case Types.String: taken = Value.From(Text(value.AsString())); return true;
            case Types.Object when value is Jint.Native.Function.Function: return false;
            case Types.Object: return TryTakeObject((ObjectInstance)value, key, out taken);
            default: throw new FlowException($"the script gives a {value.Type}, which JSON cannot hold");
        }
    }

    private bool TryTakeObject(ObjectInstance value, string key, out Value taken)
    {
        if (!_around.Add(value)) throw new FlowException("the script gives a value that contains itself");
        if (_around.Count > ScriptLimits.MaxDepth) throw ScriptLimits.Over($"{ScriptLimits.MaxDepth} values within each other");
        try
        {
            if (value.Get("toJSON") is Jint.Native.Function.Function toJson) return TryTake(engine.Call(toJson, value, [JsString.Create(key)]), key, out taken);
            taken = value.IsArray() ? List(value) : value.IsBoxed() ? Take(value.Unboxed(engine)) : Members(value);
            return true;
        }
        finally
        {
            _around.Remove(value);
        }
    }

    private Value List(ObjectInstance list)
    {
        var length = (int)Math.Min(TypeConverter.ToNumber(list.Get("length")), ScriptLimits.MaxItems + 1d);
        if (length > ScriptLimits.MaxItems) throw ScriptLimits.Over($"{ScriptLimits.MaxItems} items in a list");
        var items = new Value[length];
        for (var i = 0; i < items.Length; i++) items[i] = Take(list.Get(JsNumber.Create(i)));
        return Value.From(items);
    }

    private Value Members(ObjectInstance value)
    {
        var members = new FactObjectBuilder();
        foreach (var key in value.GetOwnPropertyKeys(Types.String))
        {
            if (!value.GetOwnProperty(key).Enumerable) continue;
            var name = Text(key.ToString());
            if (TryTake(value.Get(key), name, out var taken)) members[name] = taken;
        }

        return Value.From(members.Build());
    }

    // Half of a surrogate pair could not be written again.
    private static string Text(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsSurrogate(text[i])) return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return text;
    }
}

/// <summary>Primitives that <c>new</c> made objects of; the engine's types for them are its own.</summary>
internal static class Boxes
{
    public static bool IsBoxed(this ObjectInstance value) => value.GetType().Name is "NumberInstance" or "StringInstance" or "BooleanInstance";

    public static JsValue Unboxed(this ObjectInstance value, Engine engine) => engine.Call(value.Get("valueOf"), value, []);
}
