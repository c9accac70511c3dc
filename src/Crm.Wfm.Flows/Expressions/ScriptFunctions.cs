using System.Text;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>Gives a script the functions it names besides those of the language, and no others.</summary>
internal sealed class ScriptFunctions(Engine engine, FlowScope scope, ScriptShape shape, List<string>? outcomes)
{
    // Objects a script was given, by the variable they are kept in: what it changes in them is kept.
    private readonly Dictionary<string, (JsValue Given, Value Was)> _given = new(StringComparer.Ordinal);
    private ObjectInstance? _container;

    public void Add()
    {
        foreach (var name in shape.Globals)
        {
            if (Named(name) is { } function) Set(name, function);
            else if (name == "variables") engine.SetValue(name, _container = Container());
            else if (FlowScope.Roots.Contains(name)) engine.SetValue(name, Give(scope.Facts[name]));
            else if (ScriptNames.IsAccessor(name) && Accessor(name) is { } accessor) Set(name, accessor);
        }
    }

    /// <summary>Keeps what a script has changed in the variables it was given.</summary>
    public void Keep(ScriptValues values)
    {
        if (!shape.CanChange) return;
        foreach (var (name, (given, was)) in _given.ToList())
            if (given is ObjectInstance && values.Take(given) is var now && now != was) scope.SetVariable(name, now);
        if (_container?.GetOwnPropertyKeys(Types.String).Select(k => k.ToString()).FirstOrDefault(n => !scope.TryVariable(n, out _)) is { } unknown)
            throw new FlowException($"there is no variable '{unknown}'{Closest.Hint(unknown, scope.VariableNames())}");
    }

    private Func<JsValue[], JsValue>? Named(string name) => name switch
    {
        "getVariable" => a => Variable(Text(a, 0)),
        "setVariable" => a => SetVariable(Text(a, 0), At(a, 1)),
        "getInput" => a => Input(Text(a, 0)),
        "getOutputFrom" => a => Output(Text(a, 0), At(a, 1).IsUndefined() || At(a, 1).IsNull() ? "Result" : Text(a, 1)),
        "getLastResult" => _ => Give(scope.Run.LastResult),
        "getWorkflowInstanceId" => _ => Js(scope.Run.Id.ToString()),
        "getWorkflowDefinitionId" => _ => Js(scope.Flow?.Definition.DefinitionId),
        "getWorkflowDefinitionVersionId" => _ => Js(scope.Flow?.Definition.Id),
        "getWorkflowDefinitionVersion" => _ => JsNumber.Create(scope.Flow?.Definition.Version ?? 0),
        "getCorrelationId" => _ => Js(scope.Run.CorrelationId),
        "setCorrelationId" => a => Do(() => scope.Run.CorrelationId = NullableText(a)),
        "getWorkflowInstanceName" => _ => Js(scope.Run.Name),
        "setWorkflowInstanceName" => a => Do(() => scope.Run.Name = NullableText(a)),
        "setOutcome" when outcomes is not null => a => SetOutcomes([Text(a, 0)]),
        "setOutcomes" when outcomes is not null => a => SetOutcomes([.. At(a, 0).AsArray().Select(TypeConverter.ToString)]),
        _ => Plain(name),
    };

    private Func<JsValue[], JsValue>? Plain(string name) => name switch
    {
        "isNullOrEmpty" => a => Js(string.IsNullOrEmpty(NullableText(a))),
        "isNullOrWhiteSpace" => a => Js(string.IsNullOrWhiteSpace(NullableText(a))),
        "toJson" => a => ScriptJson.Write(engine, At(a, 0)),
        "parseGuid" => a => Js((Guid.TryParse(Text(a, 0), out var id) ? id : throw new FlowException($"'{Text(a, 0)}' is no id")).ToString()),
        "newGuid" or "newGuidString" or "getGuidString" => _ => Js(Guid.CreateVersion7(scope.Now).ToString()),
        "newShortGuid" or "getShortGuid" => _ => Js(Convert.ToBase64String(Guid.CreateVersion7(scope.Now).ToByteArray()).Replace("/", "").Replace("+", "").Replace("=", "")),
        "bytesToString" => a => Js(Encoding.UTF8.GetString(Bytes(a))),
        "bytesFromString" => a => Bytes(Encoding.UTF8.GetBytes(Text(a, 0))),
        "bytesToBase64" => a => Js(Convert.ToBase64String(Bytes(a))),
        "bytesFromBase64" => a => Bytes(OfBase64(Text(a, 0))),
        "stringToBase64" => a => Js(Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(a, 0)))),
        "stringFromBase64" => a => Js(Encoding.UTF8.GetString(OfBase64(Text(a, 0)))),
        _ => null,
    };

    /// <summary>Finds what an accessor means here: an input of the flow, else a variable, else an output of one of the flow's activities.</summary>
    private Func<JsValue[], JsValue>? Accessor(string name)
    {
        var part = ScriptNames.Rest(name);
        var variable = scope.VariableNames().FirstOrDefault(v => ScriptNames.Means(part, v));
        if (name[0] == 's') return variable is null ? null : a => SetVariable(variable, At(a, 0));
        if (scope.InputNames().Concat(scope.Flow?.Definition.Inputs.Select(i => i.Name) ?? []).FirstOrDefault(i => ScriptNames.Means(part, i)) is { } input) return _ => Input(input);
        if (variable is not null) return _ => Variable(variable);
        var activities = scope.Flow?.Nodes.Select(n => n.Definition) ?? [];
        return ScriptNames.Output(part, activities) is var (activity, output) ? _ => Output(activity, output) : null;
    }

    private JsObject Container()
    {
        var container = new JsObject(engine);
        foreach (var name in scope.VariableNames())
        {
            var get = new ClrFunction(engine, "get", (_, _) => Variable(name));
            var set = new ClrFunction(engine, "set", (_, a) => SetVariable(name, At(a, 0)), 1);
            container.DefineOwnProperty(name, new GetSetPropertyDescriptor(get, set, enumerable: true, configurable: false));
        }

        return container;
    }

    private JsValue Variable(string name)
    {
        if (_given.TryGetValue(name, out var known)) return known.Given;
        if (!scope.TryVariable(name, out var value)) return JsValue.Null;
        var given = Give(value);
        _given[name] = (given, value);
        return given;
    }

    private JsValue SetVariable(string name, JsValue value)
    {
        scope.SetVariable(name, new ScriptValues(engine).Take(value));
        _given.Remove(name);
        if (value is ObjectInstance && scope.TryVariable(name, out var kept)) _given[name] = (value, kept);
        return JsValue.Undefined;
    }

    private JsValue Input(string name) => scope.TryInput(name, out var value) ? Give(value) : JsValue.Null;

    private JsValue Output(string activity, string output)
    {
        var given = scope.Run.ActivityOutputs.GetValueOrDefault(activity);
        if (given.IsNull && scope.Flow?.Find(activity) is { } node) given = scope.Run.ActivityOutputs.GetValueOrDefault(node.Definition.Name);
        return Give((given.AsObject ?? FactObject.Empty).FirstOrDefault(o => o.Key.Equals(output, StringComparison.OrdinalIgnoreCase)).Value);
    }

    private JsValue SetOutcomes(List<string> names) => Do(() =>
    {
        outcomes!.Clear();
        outcomes.AddRange(names);
    });

    private void Set(string name, Func<JsValue[], JsValue> function) =>
        engine.Global.FastSetProperty(name, new PropertyDescriptor(new ClrFunction(engine, name, (_, a) => function(a)), writable: true, enumerable: false, configurable: true));

    private static byte[] OfBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : throw new FlowException("the script reads something as base64 that is none");
    }

    // Bytes are a list of numbers: scripts have no typed arrays.
    private static byte[] Bytes(JsValue[] arguments) => [.. At(arguments, 0).AsArray().Select(b => (byte)TypeConverter.ToNumber(b))];

    private JsArray Bytes(byte[] bytes) => new(engine, [.. bytes.Select(b => (JsValue)JsNumber.Create(b))]);

    private JsValue Give(Value value) => ScriptValues.Give(engine, value);

    private static JsBoolean Js(bool value) => value ? JsBoolean.True : JsBoolean.False;

    private static JsValue Js(string? text) => text is null ? JsValue.Null : JsString.Create(text);

    private static JsValue At(JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : JsValue.Undefined;

    private static string Text(JsValue[] arguments, int index) => TypeConverter.ToString(At(arguments, index));

    private static string? NullableText(JsValue[] arguments) => At(arguments, 0).IsNull() || At(arguments, 0).IsUndefined() ? null : Text(arguments, 0);

    private static JsValue Do(Action action)
    {
        action();
        return JsValue.Undefined;
    }
}
