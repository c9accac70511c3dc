using System.Text;
using Jint;
using Jint.Native;
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
        ScriptSearches.Install(engine);
        ScriptSearches.InstallConstructor(engine);
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
        Guard(text, "repeat", [Number], (self, a) => Limit(Length(self) * Math.Max(0, Given(a, 0))));
        foreach (var name in new[] { "padStart", "padEnd" }) Guard(text, name, [Number, Text], (_, a) => Limit(Given(a, 0)));
        Guard(text, "concat", [Text], (self, a) => Limit(Length(self) + a.Sum(Length)));
        Guard(text, "normalize", [Text], (self, _) => Limit(Length(self)));
        foreach (var name in new[] { "encodeURI", "encodeURIComponent", "escape" }) Guard(_engine.Global, name, [Text], (_, a) => Limit(a.Length > 0 ? Length(a[0]) : 0));
    }

    private void GuardLists()
    {
        var list = _engine.Intrinsics.Array.PrototypeObject;
        Set(list, "join", 1, (self, a) => Deeper(() => Join((ObjectInstance)self, At(a, 0).IsUndefined() ? "," : TypeConverter.ToString(At(a, 0)))));
        Set(list, "toString", 0, (self, _) => self.IsArray() ? Deeper(() => Join((ObjectInstance)self, ",")) : JsString.Create("[object Object]"));
        var locale = list.Get("toLocaleString");
        Set(list, "toLocaleString", 0, (self, a) => Deeper(() => _engine.Call(locale, self, a)));
        var flat = list.Get("flat");
        Set(list, "flat", 0, (self, a) => _engine.Call(flat, self, [At(a, 0).IsUndefined() ? JsNumber.Create(1) : JsNumber.Create(Math.Min(Finite(At(a, 0)), ScriptLimits.MaxDepth))]));
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

    /// <summary>Lets a function of texts be called with what is looked at: what converts itself does so once, and not to something else the next time.</summary>
    /// <param name="on">Where the function is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="kinds">What its arguments are made; the last for those after it too.</param>
    /// <param name="check">Refuses what goes too far.</param>
    private void Guard(ObjectInstance on, string name, Func<JsValue, JsValue>[] kinds, Action<JsValue, JsValue[]> check)
    {
        var native = on.Get(name);
        Set(on, name, 1, (self, arguments) =>
        {
            var text = ReferenceEquals(on, _engine.Global) || self.IsNull() || self.IsUndefined() ? self : Text(self);
            JsValue[] given = [.. arguments.Select((a, i) => a.IsUndefined() ? a : kinds[Math.Min(i, kinds.Length - 1)](a))];
            check(text, given);
            return _engine.Call(native, text, given);
        });
    }

    private ObjectInstance Object(string name) => (ObjectInstance)_engine.Global.Get(name);

    private ObjectInstance Prototype(string name) => (ObjectInstance)Object(name).Get("prototype");

    private JsValue GlobalSymbol(string name) => Object("Symbol").Get(name);

    private static JsValue At(JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : JsValue.Undefined;

    private static JsValue Text(JsValue value) => value is JsString ? value : JsString.Create(TypeConverter.ToString(value));

    private static JsNumber Number(JsValue value) => JsNumber.Create(TypeConverter.ToNumber(value));

    private static double Given(JsValue[] arguments, int index) => index < arguments.Length && arguments[index].IsNumber() && arguments[index].AsNumber() is var number && !double.IsNaN(number) ? number : 0;

    private static double Length(JsValue text) => text is JsString known ? known.Length : text.IsNull() || text.IsUndefined() ? 9 : TypeConverter.ToString(text).Length;

    private static double Finite(JsValue value) => TypeConverter.ToNumber(value) is var number && double.IsNaN(number) ? 0 : number;

    public static void Limit(double characters)
    {
        if (characters > ScriptLimits.MaxText) throw ScriptLimits.Over($"{ScriptLimits.MaxText} characters in one text");
    }
}
