using System.Text.Json;
using Crm.Wfm.Rules;
using Jint;
using Jint.Native;
using Jint.Native.Json;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>The functions scripts have besides those of the language.</summary>
internal static class ScriptFunctions
{
    public static void Add(Engine engine, FlowScope scope)
    {
        JsValue Js(Value value) => From(engine, value);
        engine.SetValue("getVariable", (string name) => Js(scope.TryVariable(name, out var value) ? value : Rules.Value.Null));
        engine.SetValue("setVariable", (string name, JsValue value) => scope.SetVariable(name, Value(engine, value)));
        engine.SetValue("getInput", (string name) => Js(scope.TryInput(name, out var value) ? value : Rules.Value.Null));
        engine.SetValue("getOutputFrom", (string activity, string? output) => Js(scope.Output(activity, output is null ? null : JsonNamingPolicy.CamelCase.ConvertName(output))));
        engine.SetValue("getLastResult", () => Js(scope.Run.LastResult));
        engine.SetValue("getWorkflowInstanceId", () => scope.Run.Id.ToString());
        engine.SetValue("getWorkflowDefinitionId", () => scope.Flow?.Definition.DefinitionId);
        engine.SetValue("getWorkflowDefinitionVersionId", () => scope.Flow?.Definition.Id);
        engine.SetValue("getWorkflowDefinitionVersion", () => scope.Flow?.Definition.Version ?? 0);
        engine.SetValue("getCorrelationId", () => scope.Run.CorrelationId);
        engine.SetValue("setCorrelationId", (string? id) => { scope.Run.CorrelationId = id; });
        engine.SetValue("getWorkflowInstanceName", () => scope.Run.Name);
        engine.SetValue("setWorkflowInstanceName", (string? name) => { scope.Run.Name = name; });
        foreach (var name in scope.VariableNames())
        {
            var pascal = Pascal(name);
            engine.SetValue($"get{pascal}", () => Js(scope.TryVariable(name, out var value) ? value : Rules.Value.Null));
            engine.SetValue($"set{pascal}", (JsValue value) => scope.SetVariable(name, Value(engine, value)));
        }

        foreach (var name in scope.InputNames()) engine.SetValue($"get{Pascal(name)}", () => Js(scope.TryInput(name, out var value) ? value : Rules.Value.Null));
        foreach (var (activity, outputs) in scope.Run.ActivityOutputs)
            foreach (var (output, value) in outputs.AsObject ?? FactObject.Empty) engine.SetValue($"get{Pascal(output)}From{Pascal(activity)}", () => Js(value));
        var facts = scope.Facts;
        engine.SetValue("event", Js(facts["event"]));
        engine.SetValue("variables", Js(facts["variables"]));
    }

    public static JsValue From(Engine engine, Value value) => value.Kind switch
    {
        ValueKind.Null => JsValue.Null,
        ValueKind.Boolean => value.AsBoolean ? JsBoolean.True : JsBoolean.False,
        ValueKind.Number => JsNumber.Create(value.AsNumber),
        ValueKind.Text => JsString.Create(value.AsText!),
        _ => new JsonParser(engine).Parse(CanonicalJson.Text(value)),
    };

    public static Value Value(Engine engine, JsValue value)
    {
        if (value.IsUndefined() || value.IsNull()) return Rules.Value.Null;
        if (value.IsBoolean()) return Rules.Value.From(value.AsBoolean());
        if (value.IsNumber()) return Rules.Value.From(value.AsNumber());
        if (value.IsString()) return Rules.Value.From(value.AsString());
        var json = new Jint.Native.Json.JsonSerializer(engine).Serialize(value);
        return json.IsString() ? Rules.Value.Parse(json.AsString()) : Rules.Value.Null;
    }

    private static string Pascal(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];
}
