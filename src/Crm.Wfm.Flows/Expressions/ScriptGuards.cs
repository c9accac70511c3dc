using System.Globalization;
using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>
/// Closes what the engine's limits do not interrupt: they are looked at between statements, and some functions of the language can be made to run for ever, to take all of the
/// memory, or to overflow the stack, within one. Found by trying; each has its case in <c>ScriptLimitTests</c>.
/// </summary>
internal sealed class ScriptGuards
{
    private const int MaxBound = 1000;

    private readonly Engine _engine;
    private int _depth;
    private int _bound;

    private ScriptGuards(Engine engine) => _engine = engine;

    public static void Install(Engine engine)
    {
        var guards = new ScriptGuards(engine);
        guards.Remove();
        guards.GuardTexts();
        guards.GuardLists();
        guards.Set(guards.Object("JSON"), "stringify", 3, (_, a) => ScriptJson.Write(engine, At(a, 0), At(a, 1), At(a, 2)));
        guards.Check(guards.Prototype("Function"), "bind", (_, _) => { if (++guards._bound > MaxBound) throw ScriptLimits.Over($"{MaxBound} functions made by bind"); });
    }

    private void Remove()
    {
        var iterators = _engine.Intrinsics.Array.PrototypeObject.Get(GlobalSymbol("iterator"));
        var prototype = ((ObjectInstance)_engine.Call(iterators, new JsArray(_engine), [])).Prototype?.Prototype;
        foreach (var name in new[] { "drop", "take", "every", "some", "find", "forEach", "reduce", "toArray", "map", "filter", "flatMap" }) prototype?.Delete(name);
        foreach (var name in new[] { "union", "intersection", "difference", "symmetricDifference", "isSubsetOf", "isSupersetOf", "isDisjointFrom" }) Prototype("Set").Delete(name);
        Prototype("Date").Delete("toTemporalInstant");
        foreach (var name in ScriptShape.Absent) _engine.Global.Delete(name);
    }

    private void GuardTexts()
    {
        var text = Prototype("String");
        Check(text, "repeat", (self, a) => Limit(Length(self) * Math.Max(0, Number(At(a, 0)))));
        foreach (var name in new[] { "padStart", "padEnd" }) Check(text, name, (_, a) => Limit(Number(At(a, 0))));
        Check(text, "concat", (self, a) => Limit(Length(self) + a.Sum(Length)));
        Check(text, "normalize", (self, _) => Limit(Length(self)));
        foreach (var name in new[] { "encodeURI", "encodeURIComponent", "escape" }) Check(_engine.Global, name, (_, a) => Limit(Length(At(a, 0))));
        foreach (var name in new[] { "replace", "replaceAll" })
        {
            var native = text.Get(name);
            Set(text, name, 2, (self, a) => _engine.Call(native, self, a.Length > 1 && At(a, 1) is not Function ? [a[0], Replacer(self, TypeConverter.ToString(a[1]))] : a));
        }
    }

    private void GuardLists()
    {
        var list = _engine.Intrinsics.Array.PrototypeObject;
        Set(list, "join", 1, (self, a) => Deeper(() => Join((ObjectInstance)self, At(a, 0).IsUndefined() ? "," : TypeConverter.ToString(At(a, 0)))));
        Set(list, "toString", 0, (self, _) => self.IsArray() ? Deeper(() => Join((ObjectInstance)self, ",")) : JsString.Create("[object Object]"));
        var locale = list.Get("toLocaleString");
        Set(list, "toLocaleString", 0, (self, a) => Deeper(() => _engine.Call(locale, self, a)));
        var flat = list.Get("flat");
        Set(list, "flat", 0, (self, a) => _engine.Call(flat, self, [At(a, 0).IsUndefined() ? JsNumber.Create(1) : JsNumber.Create(Math.Min(Number(At(a, 0)), ScriptLimits.MaxDepth))]));
    }

    private JsString Join(ObjectInstance list, string separator)
    {
        var length = TypeConverter.ToNumber(list.Get("length"));
        if (length > ScriptLimits.MaxItems) throw ScriptLimits.Over($"{ScriptLimits.MaxItems} items in a list");
        Limit(Math.Max(0, length - 1) * separator.Length);
        var joined = new StringBuilder();
        for (var i = 0; i < length; i++)
        {
            if (i % 1000 == 999) _engine.Constraints.Check();
            if (i > 0) joined.Append(separator);
            if (list.Get(JsNumber.Create(i)) is { } item && !item.IsUndefined() && !item.IsNull()) joined.Append(TypeConverter.ToString(item));
            Limit(joined.Length);
        }

        return JsString.Create(joined.ToString());
    }

    private JsValue Deeper(Func<JsValue> work)
    {
        if (++_depth > ScriptLimits.MaxDepth) throw ScriptLimits.Over($"{ScriptLimits.MaxDepth} lists within each other");
        var result = work();
        _depth--;
        return result;
    }

    /// <summary>Replaces as a text does, and counts: two short texts make a long one.</summary>
    private ClrFunction Replacer(JsValue self, string replacement)
    {
        var written = Length(self);
        return new(_engine, "replace", (_, a) =>
        {
            var part = replacement.Contains('$', StringComparison.Ordinal) ? Expanded(replacement, a) : replacement;
            Limit(written += part.Length);
            return JsString.Create(part);
        });
    }

    // What a replacer is called with: the match, its groups, the place, the text, and an object of named groups where there are any.
    private static string Expanded(string replacement, JsValue[] arguments)
    {
        var named = arguments[^1] as ObjectInstance;
        var end = arguments.Length - (named is null ? 2 : 3);
        var (match, text, place) = (arguments[0].ToString(), arguments[end + 1].ToString(), (int)arguments[end].AsNumber());
        var expanded = new StringBuilder();
        for (var i = 0; i < replacement.Length; i++)
        {
            var next = replacement[i] == '$' && i + 1 < replacement.Length ? replacement[i + 1] : '\0';
            var (part, taken) = next switch
            {
                '$' => ("$", 1),
                '&' => (match, 1),
                '`' => (text[..place], 1),
                '\'' => (text[Math.Min(text.Length, place + match.Length)..], 1),
                '<' when named is not null && replacement.IndexOf('>', i) is var close and > 0 => (Group(named.Get(replacement[(i + 2)..close])), close - i),
                >= '0' and <= '9' => Numbered(replacement.AsSpan(i + 1), arguments, end),
                _ => (replacement[i].ToString(), 0),
            };
            Limit(expanded.Append(part).Length);
            i += taken;
        }

        return expanded.ToString();
    }

    private static (string Part, int Taken) Numbered(ReadOnlySpan<char> digits, JsValue[] arguments, int groups)
    {
        for (var taken = Math.Min(2, digits.Length); taken > 0; taken--)
            if (int.TryParse(digits[..taken], NumberStyles.None, CultureInfo.InvariantCulture, out var group) && group > 0 && group < groups) return (Group(arguments[group]), taken);
        return ("$", 0);
    }

    private static string Group(JsValue value) => value.IsUndefined() ? "" : value.ToString();

    private void Check(ObjectInstance on, string name, Action<JsValue, JsValue[]> check)
    {
        var native = on.Get(name);
        Set(on, name, 1, (self, arguments) =>
        {
            check(self, arguments);
            return _engine.Call(native, self, arguments);
        });
    }

    private void Set(ObjectInstance on, string name, int length, Func<JsValue, JsValue[], JsValue> function) =>
        on.DefineOwnProperty(name, new PropertyDescriptor(new ClrFunction(_engine, name, function, length), writable: true, enumerable: false, configurable: true));

    private ObjectInstance Object(string name) => (ObjectInstance)_engine.Global.Get(name);

    private ObjectInstance Prototype(string name) => (ObjectInstance)Object(name).Get("prototype");

    private JsValue GlobalSymbol(string name) => Object("Symbol").Get(name);

    private static JsValue At(JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : JsValue.Undefined;

    private static double Length(JsValue text) => text is JsString known ? known.Length : text.IsNull() || text.IsUndefined() ? 9 : TypeConverter.ToString(text).Length;

    private static double Number(JsValue value) => TypeConverter.ToNumber(value) is var number && double.IsNaN(number) ? 0 : number;

    private static void Limit(double characters)
    {
        if (characters > ScriptLimits.MaxText) throw ScriptLimits.Over($"{ScriptLimits.MaxText} characters in one text");
    }
}
