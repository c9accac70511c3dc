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
/// Closes what a search of a text does not interrupt: it compares as often as both texts together say, within one function. Whatever is sought is a text by then, or a regular
/// expression of the language's own: what converts itself does so once.
/// </summary>
internal sealed class ScriptSearches
{
    private readonly Engine _engine;
    private readonly ObjectInstance _text;
    private readonly Dictionary<string, JsValue> _bySymbol = [];

    private ScriptSearches(Engine engine)
    {
        _engine = engine;
        _text = Prototype("String");
        var (expressions, symbols) = (Prototype("RegExp"), (ObjectInstance)engine.Global.Get("Symbol"));
        foreach (var symbol in new[] { "match", "matchAll", "replace", "search", "split" }) _bySymbol[symbol] = expressions.Get(symbols.Get(symbol));
    }

    /// <summary>Guards the functions of texts that search.</summary>
    public static void Install(Engine engine)
    {
        var searches = new ScriptSearches(engine);
        foreach (var name in new[] { "indexOf", "lastIndexOf", "includes" }) searches.Guard(name, symbol: null, Compared);
        searches.Guard("split", "split", Compared);
        foreach (var name in new[] { "match", "matchAll", "search" }) searches.Guard(name, name, (_, pattern) => Pattern(pattern));
        foreach (var name in new[] { "replace", "replaceAll" }) searches.Guard(name, "replace", Compared);
    }

    /// <summary>Guards the making of regular expressions out of texts.</summary>
    public static void InstallConstructor(Engine engine)
    {
        var made = new Expressions(engine, (Constructor)engine.Global.Get("RegExp"));
        engine.Global.Set("RegExp", made);
    }

    /// <summary>Refuses to look for one text in another for too long.</summary>
    private static void Compared(JsString text, JsString sought)
    {
        if ((double)text.Length * sought.Length > ScriptLimits.MaxCompared) throw ScriptLimits.Over($"{ScriptLimits.MaxCompared} comparisons in one search of a text");
    }

    private static void Pattern(JsString pattern)
    {
        if (pattern.Length > ScriptLimits.MaxPattern) throw ScriptLimits.Over($"{ScriptLimits.MaxPattern} characters in one regular expression");
    }

    private void Guard(string name, string? symbol, Action<JsString, JsString> check)
    {
        var native = _text.Get(name);
        var function = new ClrFunction(_engine, name, (self, a) =>
        {
            if (self.IsNull() || self.IsUndefined() || a.Length == 0) return _engine.Call(native, self, a);
            var text = Text(self);
            if (a[0] is JsRegExp expression && symbol is not null) return BySymbol(name, symbol, text, expression, a);
            if (a[0] is JsRegExp && name == "includes") throw Refused(name);
            // Undefined is a text here too, but for what takes it for nothing.
            var sought = a[0].IsUndefined() && name is "split" or "match" or "matchAll" or "search" ? a[0] : Text(a[0]);
            if (sought is JsString known) check(text, known);
            JsValue[] given = [sought, .. a[1..]];
            if (symbol == "replace" && a.Length > 1 && a[1] is not Function) given[1] = Replacer(text, TypeConverter.ToString(a[1]));
            return _engine.Call(native, text, given);
        }, length: 1);
        _text.DefineOwnProperty(name, new PropertyDescriptor(function, writable: true, enumerable: false, configurable: true));
    }

    // What an expression itself says it is searched by could be anything: nothing, even, so that it were a text.
    private JsValue BySymbol(string name, string symbol, JsString text, JsRegExp expression, JsValue[] a)
    {
        if (name is "matchAll" or "replaceAll" && !expression.Flags.Contains('g', StringComparison.Ordinal)) throw Refused(name);
        JsValue[] given = [text, .. a[1..]];
        if (symbol == "replace" && a.Length > 1 && a[1] is not Function) given[1] = Replacer(text, TypeConverter.ToString(a[1]));
        return _engine.Call(_bySymbol[symbol], expression, given);
    }

    /// <summary>Replaces as a text does, and counts: two short texts make a long one.</summary>
    private ClrFunction Replacer(JsString self, string replacement)
    {
        double written = self.Length;
        return new(_engine, "replace", (_, a) =>
        {
            var part = replacement.Contains('$', StringComparison.Ordinal) ? Expanded(replacement, a) : replacement;
            ScriptGuards.Limit(written += part.Length);
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
            ScriptGuards.Limit(expanded.Append(part).Length);
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

    private JavaScriptException Refused(string name) => new(_engine.Intrinsics.TypeError, name == "includes" ? "First argument to String.prototype.includes must not be a regular expression" : $"String.prototype.{name} must be called with a global RegExp");

    private ObjectInstance Prototype(string name) => (ObjectInstance)((ObjectInstance)_engine.Global.Get(name)).Get("prototype");

    private static JsString Text(JsValue value) => value as JsString ?? JsString.Create(TypeConverter.ToString(value));

    /// <summary><c>RegExp</c>, for patterns that are not too long: what a pattern begins with is sought at once.</summary>
    private sealed class Expressions : Constructor
    {
        private readonly Constructor _native;

        public Expressions(Engine engine, Constructor native) : base(engine, "RegExp")
        {
            _native = native;
            var prototype = (ObjectInstance)native.Get("prototype");
            DefineOwnProperty("prototype", new PropertyDescriptor(prototype, writable: false, enumerable: false, configurable: false));
            var species = ((ObjectInstance)engine.Global.Get("Symbol")).Get("species");
            DefineOwnProperty(species, new GetSetPropertyDescriptor(new ClrFunction(engine, "species", (self, _) => self), JsValue.Undefined, enumerable: false, configurable: true));
            prototype.DefineOwnProperty("constructor", new PropertyDescriptor(this, writable: true, enumerable: false, configurable: true));
            prototype.Delete("compile");
        }

        public override ObjectInstance Construct(JsValue[] arguments, JsValue newTarget) => _native.Construct(Checked(arguments), newTarget == this ? _native : newTarget);

        protected override JsValue Call(JsValue thisObject, JsValue[] arguments) => arguments.Length > 0 && arguments[0] is JsRegExp && At(arguments, 1).IsUndefined() ? arguments[0] : Construct(arguments, this);

        private static JsValue[] Checked(JsValue[] arguments)
        {
            if (arguments.Length == 0 || arguments[0].IsUndefined() || arguments[0] is JsRegExp) return arguments;
            var pattern = Text(arguments[0]);
            Pattern(pattern);
            return [pattern, .. arguments[1..]];
        }

        private static JsValue At(JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : Undefined;
    }
}
