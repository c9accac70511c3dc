using System.Collections.Concurrent;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Expressions;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Compiling;

/// <summary>An activity of a flow, ready to run: its class, what computes its inputs, where its outputs go, and what lies within it.</summary>
internal sealed class FlowNode(int index, ActivityDefinition definition, ActivityDescriptor? descriptor, FlowNode? parent, string port)
{
    private readonly List<(ActivityInput Input, Expression Expression)> _inputs = [];
    private readonly List<(ActivityInput Input, FlowVariable Variable)> _references = [];
    private readonly List<(string Output, string Reference)> _bound = [];
    private readonly Dictionary<string, Expression> _given = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<FlowNode> _children = [];

    /// <summary>Gets its place among the flow's nodes.</summary>
    public int Index => index;

    public ActivityDefinition Definition => definition;

    /// <summary>Gets what is known of its type; <c>null</c> for another flow used as an activity.</summary>
    public ActivityDescriptor? Descriptor => descriptor;

    public FlowNode? Parent => parent;

    /// <summary>Gets the member of its parent it lies in.</summary>
    public string Port => port;

    public IReadOnlyList<FlowNode> Children => _children;

    /// <summary>Gets the ports it can be left by; <c>null</c> where only the run can tell.</summary>
    public IReadOnlyList<string>? Outcomes { get; set; }

    /// <summary>Gets the graphs of its children's connections, by the id of the child they start from; filled by flowcharts as they run.</summary>
    public ConcurrentDictionary<string, ChartGraph> Graphs { get; } = [];

    /// <summary>Gets the cases of a switch.</summary>
    public IReadOnlyList<NodeCase> Cases { get; set; } = [];

    /// <summary>Gets how it is tried again when it fails; <c>null</c> as the automation, or the host, says.</summary>
    public RetryPolicy? Retry { get; set; }

    /// <summary>Gets after what time it fails; <c>null</c> as the automation, or the host, says.</summary>
    public TimeSpan? Timeout { get; set; }

    public bool IsContainer => descriptor is not null && descriptor.Class.IsSubclassOf(typeof(Container));

    public bool IsOutside => descriptor is not null && descriptor.Class.IsAssignableTo(typeof(IOutsideActivity));

    /// <summary>Gets whether it speaks with the outside, and then runs what lies within it for what came of that.</summary>
    public bool HasAnswers => IsOutside && descriptor!.Ports.Count > 0;

    /// <summary>Gets whether it neither writes to the database nor speaks with the outside.</summary>
    public bool IsPure => descriptor is not null && !IsOutside && (IsContainer || descriptor.IsPure);

    /// <summary>Lists the children in a member, or in a list of it.</summary>
    public IEnumerable<FlowNode> ChildrenIn(string member) => _children.Where(c => c.Port == member || c.Port.StartsWith(member + "/", StringComparison.Ordinal));

    /// <summary>Tells whether something was drawn to follow a port: a connection that leaves by it, or an activity that lies in the member of that name.</summary>
    public bool LeadsOn(string outcome) =>
        HasAnswers ? ChildrenIn(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(outcome)).Any() : parent?.Definition.Connections.Any(c => c.Source == definition.Id && c.Port == outcome) == true;

    public void Add(FlowNode child) => _children.Add(child);

    public void Set(ActivityInput input, Expression expression) => _inputs.Add((input, expression));

    public void Set(ActivityInput input, FlowVariable variable) => _references.Add((input, variable));

    /// <summary>Keeps an expression by the member it stands in, for a flow used as an activity, whose inputs are known when it runs.</summary>
    public void Give(string member, Expression expression) => _given[member] = expression;

    public void Bind(string output, string reference) => _bound.Add((output, reference));

    /// <summary>Gets what an input is, when that is known beforehand.</summary>
    public Value Known(string input) => _inputs.Find(i => i.Input.Name == input).Expression is Constant constant ? constant.Value : Value.Null;

    /// <summary>Finds what computes an input; <c>null</c> when the flow does not give it.</summary>
    public Expression? Given(string input) => _inputs.Find(i => i.Input.Name == input).Expression;

    /// <summary>Tells whether an input is given and known only when the flow runs.</summary>
    public bool IsComputed(string input) => _inputs.Find(i => i.Input.Name == input).Expression is { } expression and not Constant;

    /// <summary>Computes the inputs of a flow used as an activity.</summary>
    public Value Inputs(FlowDefinition called, FlowScope scope)
    {
        var inputs = new FactObjectBuilder();
        foreach (var input in called.Inputs)
        {
            var value = _given.TryGetValue(input.Name, out var expression) ? expression.Evaluate(scope) : input.Default;
            // One that is not given is looked for further out.
            if (expression is null && value.IsNull) continue;
            inputs[input.Name] = TypeNames.Convert(value, input.TypeName, input.IsArray) ?? throw new FlowException($"{input.Name} is no {input.TypeName}");
        }

        return Value.From(inputs.Build());
    }

    /// <summary>Computes the inputs anew; those not given are left out, so that they keep what they are initially.</summary>
    public Value Evaluate(FlowScope scope)
    {
        if (_inputs.Count == 0 && _references.Count == 0) return Value.From(FactObject.Empty);
        var inputs = new FactObjectBuilder();
        foreach (var (input, variable) in _references) inputs[input.Name] = Value.From(variable.Id);
        foreach (var (input, expression) in _inputs)
            if (!input.IsLazy) inputs[input.Name] = expression.Evaluate(scope);
        return Value.From(inputs.Build());
    }

    /// <summary>Computes one input anew; null when the flow does not give it.</summary>
    public Value Evaluate(string input, FlowScope scope) => _inputs.Find(i => i.Input.Name == input).Expression?.Evaluate(scope) ?? Value.Null;

    /// <summary>Sets what the inputs came to in a new instance.</summary>
    /// <exception cref="FlowException">A value is not what its input can be.</exception>
    public void SetInputs(object activity, Value inputs)
    {
        foreach (var (input, variable) in _references) input.Property.SetValue(activity, variable);
        foreach (var (input, _) in _inputs)
        {
            if (inputs.AsObject?.Has(input.Name) != true) continue;
            if (Problem(input, inputs[input.Name], out var made) is { } problem) throw new FlowException($"{input.Name} {problem}");
            input.Property.SetValue(activity, made);
        }
    }

    /// <summary>Takes the outputs of an instance that has run to where they go.</summary>
    /// <returns>What they are, for the journal.</returns>
    public Value TakeOutputs(object activity, FlowScope scope)
    {
        if (descriptor!.Outputs.Count == 0) return Value.From(FactObject.Empty);
        var taken = new FactObjectBuilder();
        foreach (var output in descriptor.Outputs) taken[output.Name] = OutputValues.Of(output.Property.GetValue(activity));
        return Take(Value.From(taken.Build()), scope);
    }

    /// <summary>Takes outputs to where they go.</summary>
    public Value Take(Value outputs, FlowScope scope)
    {
        scope.Run.ActivityOutputs[definition.Name] = scope.Run.Fit(outputs);
        foreach (var (output, reference) in _bound)
        {
            var (name, value) = outputs.AsObject!.FirstOrDefault(o => o.Key.Equals(output, StringComparison.OrdinalIgnoreCase));
            if (name is not null) scope.Bind(reference, value);
        }

        if (!outputs["result"].IsNull) scope.Run.LastResult = outputs["result"];
        return outputs;
    }

    /// <summary>Says what is wrong with a value for an input; else makes what its property holds.</summary>
    public static string? Problem(ActivityInput input, Value value, out object? made)
    {
        if (!InputValues.TryMake(value, input.Property.PropertyType, out made, out var noun)) return value.IsNull ? "is nothing" : $"is no {noun}";
        return input.Options.Count == 0 || made is null || input.Options.Contains(made) ? null : $"is none of {string.Join(", ", input.Options)}";
    }
}

/// <summary>A case of a switch.</summary>
/// <param name="Label">Its label, which is an outcome of <c>Elsa.FlowSwitch</c>.</param>
/// <param name="Condition">When it is taken.</param>
internal sealed record NodeCase(string Label, Expression Condition);
