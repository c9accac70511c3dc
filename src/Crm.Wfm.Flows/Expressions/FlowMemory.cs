using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>What a run knows while it runs: the event that started it, its variables, and what its activities gave out.</summary>
internal sealed class FlowMemory
{
    /// <summary>The names expressions can begin with.</summary>
    public static readonly string[] Roots = ["event", "input", "now", "outputs", "param", "variables"];

    private readonly FlowDefinition _flow;
    private readonly Dictionary<string, Value> _variables;
    private readonly FactObjectBuilder _outputs = new();
    private readonly FactObjectBuilder _facts;
    private Value? _built;

    public FlowMemory(FlowDefinition flow, WfmEvent started, Value param, DateTimeOffset now)
    {
        _flow = flow;
        _variables = flow.Variables.ToDictionary(v => v.Id, v => v.Default, StringComparer.Ordinal);
        _facts = new()
        {
            ["event"] = Value.From(started.ToCloudEvent()),
            ["input"] = Object(flow.Inputs.Select(i => (i.Name, i.Default))),
            ["now"] = Value.From(now),
            ["param"] = param,
        };
    }

    /// <summary>Gets all of it as rules and templates see it.</summary>
    public Value Facts => _built ??= Build();

    public Value Variable(string id) => _variables.GetValueOrDefault(id);

    /// <summary>Sets a variable, converted to its type.</summary>
    /// <exception cref="FlowException">It is no value of that type.</exception>
    public void SetVariable(FlowVariable variable, Value value)
    {
        _variables[variable.Id] = TypeNames.Convert(value, variable.TypeName) ?? throw new FlowException($"the variable {variable.Name} holds a {variable.TypeName}");
        _built = null;
    }

    /// <summary>Keeps what an activity gave out; the last time counts.</summary>
    public void SetOutputs(string activity, Value outputs)
    {
        _outputs[activity] = outputs;
        _built = null;
    }

    private Value Build()
    {
        _facts["outputs"] = Value.From(_outputs.Build());
        _facts["variables"] = Object(_flow.Variables.Select(v => (v.Name, _variables[v.Id])));
        return Value.From(_facts.Build());
    }

    private static Value Object(IEnumerable<(string Name, Value Value)> members)
    {
        var builder = new FactObjectBuilder();
        foreach (var (name, value) in members) builder[name] = value;
        return Value.From(builder.Build());
    }
}
