using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Expressions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>An activity of a flow, ready to run: its class, what computes its inputs, and where its outputs go.</summary>
internal sealed class FlowStep(ActivityDefinition definition, ActivityDescriptor descriptor)
{
    private readonly List<(ActivityInput Input, Expression Expression)> _inputs = [];
    private readonly List<(ActivityInput Input, FlowVariable Variable)> _references = [];
    private readonly List<(ActivityOutput Output, FlowVariable Variable)> _bound = [];

    public ActivityDefinition Definition => definition;

    public ActivityDescriptor Descriptor => descriptor;

    /// <summary>Gets what an input is, when that is known beforehand.</summary>
    public Value Known(string input) => _inputs.Find(i => i.Input.Name == input).Expression is Constant constant ? constant.Value : Value.Null;

    public void Set(ActivityInput input, Expression expression) => _inputs.Add((input, expression));

    public void Set(ActivityInput input, FlowVariable variable) => _references.Add((input, variable));

    public void Bind(ActivityOutput output, FlowVariable variable) => _bound.Add((output, variable));

    /// <summary>Sets the inputs of a new instance.</summary>
    /// <returns>What they were set to, for the journal.</returns>
    /// <exception cref="FlowException">An expression failed, or gave what its input cannot be.</exception>
    public Value SetInputs(IFlowActivity activity, FlowMemory memory)
    {
        var set = new FactObjectBuilder();
        foreach (var (input, variable) in _references)
        {
            input.Property.SetValue(activity, variable);
            set[input.Name] = Value.From(variable.Name);
        }

        foreach (var (input, expression) in _inputs)
        {
            var value = expression.Evaluate(memory);
            if (Problem(input, value, out var made) is { } problem) throw new FlowException($"{input.Name} {problem}");
            input.Property.SetValue(activity, made);
            set[input.Name] = value;
        }

        return Value.From(set.Build());
    }

    /// <summary>Takes the outputs of an instance that has run to where they go.</summary>
    /// <returns>What they are, for the journal.</returns>
    public Value TakeOutputs(IFlowActivity activity, FlowMemory memory)
    {
        var taken = new FactObjectBuilder();
        foreach (var output in descriptor.Outputs) taken[output.Name] = OutputValues.Of(output.Property.GetValue(activity));
        foreach (var (output, variable) in _bound) memory.SetVariable(variable, taken[output.Name]);
        var outputs = Value.From(taken.Build());
        if (descriptor.Outputs.Count > 0) memory.SetOutputs(definition.Name, outputs);
        return outputs;
    }

    /// <summary>Says what is wrong with a value for an input; else makes what its property holds.</summary>
    public static string? Problem(ActivityInput input, Value value, out object? made)
    {
        if (!InputValues.TryMake(value, input.Property.PropertyType, out made, out var noun)) return value.IsNull ? "is nothing" : $"is no {noun}";
        return input.Options.Count == 0 || made is null || input.Options.Contains(made) ? null : $"is none of {string.Join(", ", input.Options)}";
    }
}
