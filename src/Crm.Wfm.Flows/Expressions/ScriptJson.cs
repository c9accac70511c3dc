using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime;

namespace Crm.Wfm.Flows.Expressions;

/// <summary><c>JSON.stringify</c> as ECMAScript has it, with an end to how deep and how long: the engine's own goes as deep as a value does, down to the end of the stack.</summary>
internal sealed class ScriptJson
{
    private readonly Engine _engine;
    private readonly Function? _replacer;
    private readonly HashSet<string>? _only;
    private readonly string _gap;
    private readonly StringBuilder _text = new();
    private readonly HashSet<ObjectInstance> _around = new(ReferenceEqualityComparer.Instance);
    private int _nodes;

    private ScriptJson(Engine engine, JsValue replacer, JsValue space)
    {
        (_engine, _replacer) = (engine, replacer as Function);
        if (_replacer is null && replacer.IsArray()) _only = [.. replacer.AsArray().Select(name => name.ToString())];
        _gap = space.IsNumber() ? new(' ', (int)Math.Clamp(space.AsNumber(), 0, 10)) : space.IsString() ? space.AsString()[..Math.Min(10, space.AsString().Length)] : "";
    }

    public static JsValue Write(Engine engine, JsValue value, JsValue? replacer = null, JsValue? space = null)
    {
        var json = new ScriptJson(engine, replacer ?? JsValue.Undefined, space ?? JsValue.Undefined);
        var holder = new JsObject(engine);
        holder.CreateDataProperty(JsString.Empty, value);
        return json.Add(holder, "", value, before: "") ? JsString.Create(json._text.ToString()) : JsValue.Undefined;
    }

    private bool Add(ObjectInstance holder, string key, JsValue value, string before)
    {
        if (++_nodes % 1000 == 0) _engine.Constraints.Check();
        if (value is ObjectInstance o && o.Get("toJSON") is Function toJson) value = _engine.Call(toJson, value, [JsString.Create(key)]);
        if (_replacer is not null) value = _engine.Call(_replacer, holder, [JsString.Create(key), value]);
        if (value is ObjectInstance boxed && boxed.IsBoxed()) value = boxed.Unboxed(_engine);
        switch (value.Type)
        {
            case Types.Undefined or Types.Symbol: return false;
            case Types.Object when value is Function: return false;
            case Types.String: Append(before).Append(Quoted(value.AsString())); break;
            case Types.Number: Append(before).Append(double.IsFinite(value.AsNumber()) ? TypeConverter.ToString(value) : "null"); break;
            case Types.Object: Within((ObjectInstance)value, before); break;
            default: Append(before).Append(value); break;
        }

        return true;
    }

    private StringBuilder Append(string text) => _text.Length + text.Length > ScriptLimits.MaxText ? throw ScriptLimits.Over($"{ScriptLimits.MaxText} characters in one text") : _text.Append(text);

    private void Within(ObjectInstance value, string before)
    {
        if (!_around.Add(value)) throw new Activities.FlowException("the script writes a value as JSON that contains itself");
        if (_around.Count > ScriptLimits.MaxDepth) throw ScriptLimits.Over($"{ScriptLimits.MaxDepth} values within each other");
        var isList = value.IsArray();
        Append(before).Append(isList ? '[' : '{');
        var parts = isList ? Items(value) : Members(value);
        _around.Remove(value);
        if (parts > 0 && _gap.Length > 0) Append("\n" + Indent());
        _text.Append(isList ? ']' : '}');
    }

    private int Items(ObjectInstance list)
    {
        var length = (int)TypeConverter.ToNumber(list.Get("length"));
        for (var i = 0; i < length; i++)
        {
            var item = list.Get(JsNumber.Create(i));
            var before = Before(i);
            if (!Add(list, i.ToString(System.Globalization.CultureInfo.InvariantCulture), item, before)) Append(before).Append("null");
        }

        return length;
    }

    private int Members(ObjectInstance value)
    {
        var written = 0;
        foreach (var key in value.GetOwnPropertyKeys(Types.String))
        {
            var name = key.ToString();
            if (_only?.Contains(name) == false || !value.GetOwnProperty(key).Enumerable) continue;
            if (Add(value, name, value.Get(key), $"{Before(written)}{Quoted(name)}:{(_gap.Length > 0 ? " " : "")}")) written++;
        }

        return written;
    }

    private string Before(int part) => (part > 0 ? "," : "") + (_gap.Length > 0 ? "\n" + Indent() : "");

    private string Indent() => string.Concat(Enumerable.Repeat(_gap, _around.Count));

    private static string Quoted(string text)
    {
        if (text.Length > ScriptLimits.MaxText) throw ScriptLimits.Over($"{ScriptLimits.MaxText} characters in one text");
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isHalf = char.IsSurrogate(c) && !(char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) || char.IsLowSurrogate(c) && i > 0 && char.IsHighSurrogate(text[i - 1]));
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when c < ' ' || isHalf => quoted.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
