using System.Text;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>Reads <c>{type, value}</c> as an expression, and refuses what would not be computed as its author meant it.</summary>
internal sealed class ExpressionReader(FlowDefinition flow, ICollection<Fault> faults)
{
    private const string Key = "expression";
    private static readonly string[] Kinds = ["Literal", "Object", "Variable", "Input", "JsonLogic", "Handlebars", "JavaScript"];

    // Those a loop, or a bulk dispatch, declares for each of its items.
    private static readonly string[] OfLoops = ["CurrentValue", "CurrentIndex", "Item", "ChildInstanceId", "ChildOutput"];

    /// <summary>Reads an expression; <c>null</c> when a fault was added.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="visible">The variables that can be seen where it stands.</param>
    public Expression? Read(Place expression, IReadOnlyList<FlowVariable> visible)
    {
        var value = expression["value"];
        switch (expression["type"].Text ?? "Literal")
        {
            case "Literal": return new Constant(value.Value);
            case "Object": return Json(value) is { } json ? new Constant(json) : null;
            case "Variable": return Variable(value, visible) is { } variable ? new VariableExpression(variable) : null;
            case "Input": return Input(value);
            case var kind when Kinds.Contains(kind): return ReadAs(kind, value, visible);
            case var kind:
                Refuse(expression["type"], $"{kind} expressions are not run here; {Translation.Suggest(kind, value.Text ?? "")} (there are {string.Join(", ", Kinds)})");
                return null;
        }
    }

    /// <summary>Reads what is written in a language; whether a rule may begin with other names than a flow's.</summary>
    public Expression? ReadAs(string kind, Place value, IReadOnlyList<FlowVariable> visible, bool isOpen = false) => kind switch
    {
        "JsonLogic" => JsonLogic(value, isOpen),
        "Handlebars" => Template(value),
        _ => value.Text is "" or null && value.Value.IsNull ? new Constant(Value.Null) : Script(value, visible),
    };

    /// <summary>Finds the variable a reference leads to, by its id, else by its name: itself an object, a text, or a text that holds the JSON of one.</summary>
    public FlowVariable? Find(Place reference, IReadOnlyList<FlowVariable> visible)
    {
        var (id, name) = Named(reference);
        var found = visible.FirstOrDefault(v => v.Id == id) ?? visible.FirstOrDefault(v => v.Name == name);
        if (found is null) faults.Add(reference.Fault("unknown-reference", $"the flow has no variable '{name ?? id}'{Closest.Hint(name ?? "", visible.Select(v => v.Name))}"));
        return found;
    }

    private string? Variable(Place reference, IReadOnlyList<FlowVariable> visible)
    {
        if (Named(reference).Name is { } name && OfLoops.Contains(name) && visible.All(v => v.Name != name)) return name;
        return Find(reference, visible)?.Id;
    }

    private static (string? Id, string? Name) Named(Place reference)
    {
        var value = reference.Value;
        if (value.AsText is { } text && text.StartsWith('{')) value = StrictJson.Read(Encoding.UTF8.GetBytes(text), []) ?? value;
        return (value["id"].AsText ?? value.AsText, value["name"].AsText ?? value.AsText);
    }

    private InputExpression? Input(Place reference)
    {
        var name = Named(reference).Name;
        if (name is not null && flow.Inputs.Any(i => i.Name == name)) return new(name);
        faults.Add(reference.Fault("unknown-reference", $"the flow has no input '{name}'{Closest.Hint(name ?? "", flow.Inputs.Select(i => i.Name))}"));
        return null;
    }

    private JsonLogicExpression? JsonLogic(Place source, bool isOpen)
    {
        if (Json(source) is not { } logic) return null;
        var found = new List<Fault>();
        if (!Rule.TryCompile(logic, found, out var rule))
        {
            // The places of a rule that was written as text are in the text.
            foreach (var fault in found) faults.Add(source.Text is null ? fault.Below(source.Pointer) : source.Fault(fault.Key, $"{fault.Message} (at {fault.Pointer} of the rule)"));
            return null;
        }

        var unknown = rule.Variables.Select(path => path.Split('.')[0]).Where(root => !isOpen && !FlowScope.Roots.Contains(root)).Distinct().ToList();
        foreach (var root in unknown) faults.Add(source.Fault("unknown-root", $"'{root}' is nothing a flow knows{Closest.Hint(root, FlowScope.Roots)} (it knows {string.Join(", ", FlowScope.Roots)})"));
        return unknown.Count == 0 ? new(rule) : null;
    }

    private Template? Template(Place source)
    {
        if (source.Text is not { } text) Refuse(source, "must be a text");
        else if (Expressions.Template.TryCompile(text, out var template, out var problem)) return template;
        else Refuse(source, problem);
        return null;
    }

    private Script? Script(Place source, IReadOnlyList<FlowVariable> visible)
    {
        if (source.Text is not { } text) Refuse(source, "must be a text");
        else if (!Expressions.Script.TryCompile(text, out var script, out var problem)) Refuse(source, problem);
        else if (script.Names.Where(n => ScriptNames.IsAccessor(n) && !IsKnown(n, visible)).ToList() is { Count: > 0 } unknown) unknown.ForEach(n => faults.Add(Unknown(source, n, visible)));
        else return script;
        return null;
    }

    private bool IsKnown(string accessor, IReadOnlyList<FlowVariable> visible)
    {
        var part = ScriptNames.Rest(accessor);
        if (visible.Select(v => v.Name).Concat(OfLoops).Any(n => ScriptNames.Means(part, n))) return true;
        return accessor[0] == 'g' && (flow.Inputs.Any(i => ScriptNames.Means(part, i.Name)) || ScriptNames.Output(part, flow.Root.All()) is not null);
    }

    private Fault Unknown(Place source, string accessor, IReadOnlyList<FlowVariable> visible)
    {
        var names = visible.Select(v => v.Name).Concat(accessor[0] == 'g' ? flow.Inputs.Select(i => i.Name) : []).Select(n => accessor[..3] + char.ToUpperInvariant(n[0]) + n[1..]);
        return source.Fault("unknown-reference", $"there is no {accessor}(): the flow has no variable{(accessor[0] == 'g' ? ", input or activity" : "")} of that name{Closest.Hint(accessor, names)}");
    }

    /// <summary>Takes JSON as it is, or out of the text Studio keeps it in.</summary>
    private Value? Json(Place source)
    {
        if (source.Text is not { } text) return source.Value;
        if (text.Length == 0) return Value.Null;
        var found = new List<Fault>();
        var json = StrictJson.Read(Encoding.UTF8.GetBytes(text), found);
        foreach (var fault in found) faults.Add(source.Fault(fault.Key, fault.Message));
        return json;
    }

    private void Refuse(Place place, string message) => faults.Add(place.Fault(Key, message));
}
