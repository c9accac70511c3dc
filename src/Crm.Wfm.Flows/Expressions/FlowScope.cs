using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>What an activity can see of its run: the variables around it, the inputs of its flow, what others gave out, and the event that started the run.</summary>
internal sealed class FlowScope
{
    /// <summary>The names rules and templates can begin with.</summary>
    public static readonly string[] Roots = ["event", "input", "now", "outputs", "param", "run", "variables"];

    private readonly Execution? _at;
    private readonly Value _param;
    private Value? _facts;

    /// <summary>Looks from an execution.</summary>
    /// <param name="run">The run.</param>
    /// <param name="at">From where; <c>null</c> from outside of everything.</param>
    /// <param name="now">The business time of the burst.</param>
    /// <param name="param">The bundle's params.</param>
    public FlowScope(RunState run, Execution? at, DateTimeOffset now, Value param) => (Run, _at, Now, _param) = (run, at, now, param);

    public RunState Run { get; }

    public DateTimeOffset Now { get; }

    /// <summary>Gets the flow it lies in, which is the composite's it lies in.</summary>
    public Flow? Flow => Ancestors().FirstOrDefault(e => e.Flow is not null)?.Flow;

    /// <summary>Gets all of it as rules and templates see it.</summary>
    public Value Facts => _facts ??= Build();

    /// <summary>Looks from the same place, with names of an activity's own.</summary>
    public FlowScope With(FlowNode node, IReadOnlyDictionary<string, Value> names) =>
        new(Run, new Execution { Id = 0, Node = node, Parent = _at, Variables = new(names, StringComparer.Ordinal) }, Now, _param);

    /// <summary>Finds a variable by its id, else by its name, from the inside out.</summary>
    public bool TryVariable(string idOrName, out Value value)
    {
        if (Find(idOrName) is not { } found)
        {
            value = default;
            return false;
        }

        value = found.Execution.Variables![found.Id];
        return true;
    }

    /// <summary>Sets a variable, converted to its type.</summary>
    /// <exception cref="FlowException">There is none, or the value is none of its type.</exception>
    public void SetVariable(string idOrName, Value value)
    {
        if (Find(idOrName) is not { } found) throw new FlowException($"there is no variable '{idOrName}'{Closest.Hint(idOrName, VariableNames())}");
        var variable = found.Variable;
        found.Execution.Variables![found.Id] = Run.Fit(variable is null ? value
            : TypeNames.Convert(value, variable.TypeName, variable.IsArray) ?? throw new FlowException($"the variable {variable.Name} holds a {variable.TypeName}"));
        _facts = null;
    }

    /// <summary>Lists the names of the variables it can see, each once.</summary>
    public IEnumerable<string> VariableNames() => Ancestors().SelectMany(NamesOf).Distinct();

    /// <summary>Finds an input: of the composite around it, else of one further out, else of the run.</summary>
    public bool TryInput(string name, out Value value)
    {
        foreach (var composite in Ancestors().Where(e => e.Flow is not null && e.Parent is not null))
        {
            value = composite.Inputs[name];
            if (composite.Inputs.AsObject?.Has(name) == true) return true;
        }

        return Run.Input.TryGetValue(name, out value);
    }

    /// <summary>Lists the names of the inputs it can see, each once.</summary>
    public IEnumerable<string> InputNames() =>
        Ancestors().Where(e => e.Flow is not null && e.Parent is not null).SelectMany(e => e.Inputs.AsObject ?? FactObject.Empty).Select(i => i.Key).Concat(Run.Input.Keys).Distinct();

    /// <summary>Finds what an activity gave out the last time it ran; null where it has not.</summary>
    public Value Output(string activity, string? output = null)
    {
        var given = Run.ActivityOutputs.GetValueOrDefault(activity);
        return output is null ? given["result"] : given[output];
    }

    /// <summary>Sets an output of the flow: of the composite around it, else of the run.</summary>
    public void SetOutput(string name, Value value)
    {
        var composite = Ancestors().FirstOrDefault(e => e.Flow is not null && e.Parent is not null);
        Run.Fit(value);
        if (composite is null) Run.Output[name] = value;
        else (composite.Outputs ??= new(StringComparer.Ordinal))[name] = value;
    }

    /// <summary>Puts a value where an output is bound to: a variable it can see, else an output of its flow. What leads nowhere is left.</summary>
    public void Bind(string reference, Value value)
    {
        if (Find(reference) is not null) SetVariable(reference, value);
        else if (Flow is { } flow && flow.Definition.Outputs.Contains(reference)) SetOutput(reference, value);
    }

    private IEnumerable<Execution> Ancestors()
    {
        for (var at = _at; at is not null; at = at.Parent) yield return at;
    }

    private (Execution Execution, string Id, FlowVariable? Variable)? Find(string idOrName)
    {
        foreach (var execution in Ancestors())
        {
            if (execution.Variables is not { } variables) continue;
            foreach (var variable in Declared(execution))
                if (variable.Id == idOrName || variable.Name == idOrName) return (execution, variable.Id, variable);
            if (variables.ContainsKey(idOrName)) return (execution, idOrName, null);
        }

        return null;
    }

    private static IEnumerable<FlowVariable> Declared(Execution execution) => execution.Flow is { } flow ? flow.Definition.Variables : execution.Node.Definition.Variables;

    private static IEnumerable<string> NamesOf(Execution execution)
    {
        if (execution.Variables is not { } variables) return [];
        var declared = Declared(execution).ToList();
        return declared.Select(v => v.Name).Concat(variables.Keys.Where(id => declared.TrueForAll(v => v.Id != id)));
    }

    private Value Build() => Value.From(new FactObjectBuilder
    {
        ["event"] = Run.Event is { } told ? Value.From(told.ToCloudEvent()) : Value.Null,
        ["input"] = Object(InputNames().Select(n => (n, TryInput(n, out var value) ? value : Value.Null))),
        ["now"] = Value.From(Now),
        ["outputs"] = Object(Run.ActivityOutputs.Select(o => (o.Key, o.Value))),
        ["param"] = _param,
        ["run"] = Object([("id", Value.From(Run.Id)), ("correlationId", Value.From(Run.CorrelationId)), ("name", Value.From(Run.Name))]),
        ["variables"] = Object(VariableNames().Select(n => (n, TryVariable(n, out var value) ? value : Value.Null))),
    }.Build());

    private static Value Object(IEnumerable<(string Name, Value Value)> members)
    {
        var builder = new FactObjectBuilder();
        foreach (var (name, value) in members) builder[name] = value;
        return Value.From(builder.Build());
    }
}
