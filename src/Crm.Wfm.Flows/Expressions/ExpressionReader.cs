using System.Text;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>Reads <c>{type, value}</c> as an expression, and refuses what would not be computed as its author meant it.</summary>
internal sealed class ExpressionReader(FlowDefinition flow, ICollection<Fault> faults)
{
    private const string Key = "expression";
    private static readonly string[] Kinds = ["Literal", "Object", "Variable", "Input", "JsonLogic", "Handlebars"];

    /// <summary>Reads an expression; <c>null</c> when a fault was added.</summary>
    public Expression? Read(Place expression)
    {
        var value = expression["value"];
        switch (expression["type"].Text ?? "Literal")
        {
            case "Literal": return new Constant(value.Value);
            case "Object": return Json(value) is { } json ? new Constant(json) : null;
            case "Variable": return Variable(value) is { } variable ? new VariableExpression(variable.Id) : null;
            case "Input": return Input(value);
            case "JsonLogic": return JsonLogic(value);
            case "Handlebars": return Template(value);
            case var kind:
                Refuse(expression["type"], $"{kind} expressions are not run here; write JsonLogic for a value or a decision, Handlebars for a text (there are {string.Join(", ", Kinds)})");
                return null;
        }
    }

    /// <summary>Finds the variable a reference leads to: by its id, else by its name.</summary>
    public FlowVariable? Variable(Place reference)
    {
        var (id, name) = (reference["id"].Text ?? reference.Text, reference["name"].Text ?? reference.Text);
        var found = flow.Variables.FirstOrDefault(v => v.Id == id) ?? flow.Variables.FirstOrDefault(v => v.Name == name);
        if (found is null) faults.Add(reference.Fault("unknown-reference", $"the flow has no variable '{name ?? id}'{Closest.Hint(name ?? "", flow.Variables.Select(v => v.Name))}"));
        return found;
    }

    private InputExpression? Input(Place reference)
    {
        var name = reference["name"].Text ?? reference.Text;
        if (name is not null && flow.Inputs.Any(i => i.Name == name)) return new(name);
        faults.Add(reference.Fault("unknown-reference", $"the flow has no input '{name}'{Closest.Hint(name ?? "", flow.Inputs.Select(i => i.Name))}"));
        return null;
    }

    private JsonLogicExpression? JsonLogic(Place source)
    {
        if (Json(source) is not { } logic) return null;
        var found = new List<Fault>();
        if (!Rule.TryCompile(logic, found, out var rule))
        {
            // The places of a rule that was written as text are in the text.
            foreach (var fault in found) faults.Add(source.Text is null ? fault.Below(source.Pointer) : source.Fault(fault.Key, $"{fault.Message} (at {fault.Pointer} of the rule)"));
            return null;
        }

        var unknown = rule.Variables.Select(path => path.Split('.')[0]).Where(root => !FlowMemory.Roots.Contains(root)).Distinct().ToList();
        foreach (var root in unknown) faults.Add(source.Fault("unknown-root", $"'{root}' is nothing a flow knows{Closest.Hint(root, FlowMemory.Roots)} (it knows {string.Join(", ", FlowMemory.Roots)})"));
        return unknown.Count == 0 ? new(rule) : null;
    }

    private Template? Template(Place source)
    {
        if (source.Text is not { } text) Refuse(source, "must be a text");
        else if (Expressions.Template.TryCompile(text, out var template, out var problem)) return template;
        else Refuse(source, problem);
        return null;
    }

    /// <summary>Takes JSON as it is, or out of the text Studio keeps it in.</summary>
    private Value? Json(Place source)
    {
        if (source.Text is not { } text) return source.Value;
        var found = new List<Fault>();
        var json = StrictJson.Read(Encoding.UTF8.GetBytes(text), found);
        foreach (var fault in found) faults.Add(source.Fault(fault.Key, fault.Message));
        return json;
    }

    private void Refuse(Place place, string message) => faults.Add(place.Fault(Key, message));
}
