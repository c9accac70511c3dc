using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Expressions;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Compiling;

/// <summary>Makes flows ready to run, and finds everything by which they could not: what passes here runs as it was drawn.</summary>
internal sealed class FlowCompiler
{
    private readonly ActivityCatalog _activities;
    private readonly FlowDefinition _flow;
    private readonly ExpressionReader _expressions;
    private readonly ICollection<Fault> _faults;
    private readonly Func<ActivityDefinition, bool> _isFlow;
    private readonly List<FlowNode> _nodes = [];

    private FlowCompiler(ActivityCatalog activities, FlowDefinition flow, Func<ActivityDefinition, bool> isFlow, ICollection<Fault> faults) =>
        (_activities, _flow, _isFlow, _faults, _expressions) = (activities, flow, isFlow, faults, new(flow, faults));

    /// <summary>Reads and compiles a definition; <c>null</c> when faults were added, with pointers relative to it.</summary>
    /// <param name="definition">An Elsa 3 workflow definition.</param>
    /// <param name="activities">What it can use.</param>
    /// <param name="isFlow">Tells whether an activity of a type unknown to <paramref name="activities"/> is another flow.</param>
    /// <param name="faults">Receives every fault.</param>
    public static Flow? Compile(Value definition, ActivityCatalog activities, Func<ActivityDefinition, bool> isFlow, ICollection<Fault> faults) =>
        FlowReader.Read(definition, faults) is { } flow ? Compile(flow, activities, isFlow, faults) : null;

    /// <summary>Compiles a flow; <c>null</c> when faults were added, with pointers relative to its definition.</summary>
    public static Flow? Compile(FlowDefinition flow, ActivityCatalog activities, Func<ActivityDefinition, bool> isFlow, ICollection<Fault> faults)
    {
        var before = faults.Count;
        var compiled = new FlowCompiler(activities, flow, isFlow, faults).Compile();
        return faults.Count == before ? compiled : null;
    }

    private Flow Compile()
    {
        var workflow = new FlowNode(0, new("Workflow1", "Workflow1", "Elsa.Workflow", _flow.Name ?? "Workflow1", "", _flow.Source), ActivityDescriptor.Of(typeof(Workflow)), parent: null, "");
        _nodes.Add(workflow);
        workflow.Add(CompileNode(_flow.Root, workflow, "root", [.. _flow.Variables]));
        return new(_flow, workflow, _nodes);
    }

    private FlowNode CompileNode(ActivityDefinition definition, FlowNode parent, string port, List<FlowVariable> outer)
    {
        var place = definition.Place;
        _activities.TryFind(definition.Type, out var descriptor);
        var node = new FlowNode(_nodes.Count, definition, descriptor, parent, port);
        _nodes.Add(node);
        List<FlowVariable> visible = [.. definition.Variables, .. outer];
        if (descriptor is not null) CompileKnown(node, descriptor, visible);
        else if (_isFlow(definition)) CompileCalled(node, visible);
        else _faults.Add(place["type"].Fault("unknown-activity", $"there is no activity {definition.Type}{Closest.Hint(definition.Type, _activities.All.Select(a => a.Type))}"));
        node.Retry = RetryPolicy.Read(place["customProperties"]["retry"].Value);
        node.Timeout = IsoDuration.Parse(place["customProperties"]["timeout"].Text);
        foreach (var child in definition.Children) node.Add(CompileNode(child.Activity, node, child.Port, visible));
        if (descriptor?.Class == typeof(Flowchart)) CheckChart(node);
        return node;
    }

    private void CompileKnown(FlowNode node, ActivityDescriptor descriptor, List<FlowVariable> visible)
    {
        var place = node.Definition.Place;
        foreach (var input in descriptor.Inputs) CompileInput(node, input, place[input.Name], visible);
        foreach (var output in descriptor.Outputs) BindOutput(node, output.Name, place[output.Name]);
        if (node.Definition.Type is "Elsa.Switch" or "Elsa.FlowSwitch") node.Cases = [.. Cases(place["cases"], visible)];
        node.Outcomes = OutcomesOf(node, descriptor);
        var known = descriptor.Inputs.Select(i => i.Name).Concat(descriptor.Outputs.Select(o => o.Name)).Concat(descriptor.Ignored).ToList();
        foreach (var (name, value) in node.Definition.Source.AsObject!)
        {
            if (!value["expression"].IsNull && !value["expression"]["value"].IsNull && !known.Contains(name))
                _faults.Add(place[name].Fault("unknown-input", $"{node.Definition.Type} has no input {name}{Closest.Hint(name, known)}"));
        }
    }

    // Which inputs and outputs the flow has is known when it is called.
    private void CompileCalled(FlowNode node, List<FlowVariable> visible)
    {
        foreach (var (name, value) in node.Definition.Source.AsObject!)
        {
            var place = node.Definition.Place[name];
            if (!value["expression"].IsNull)
            {
                if (_expressions.Read(place["expression"], visible) is { } expression) node.Give(name, expression);
            }
            else
            {
                BindOutput(node, name, place);
            }
        }
    }

    private void CompileInput(FlowNode node, ActivityInput input, Place given, List<FlowVariable> visible)
    {
        if (given.Value.IsNull)
        {
            if (input.IsRequired) _faults.Add(given.Fault("required", $"{node.Definition.Type} needs {input.Name}"));
        }
        else if (input.Property.PropertyType == typeof(FlowVariable))
        {
            if (_expressions.Find(given, visible) is { } variable) node.Set(input, variable);
        }
        else if (given.Value.AsObject is { } wrapped && wrapped.Has("memoryReference") && wrapped["expression"].IsNull)
        {
            if (input.IsRequired) _faults.Add(given.Fault("required", $"{node.Definition.Type} needs {input.Name}"));
        }
        else if (given.Value.AsObject is { } named && named.Has("typeName") && named["expression"].IsNull)
        {
            if (input.IsRequired) _faults.Add(given.Fault("expression", "has no expression"));
        }
        else if (ReadInput(node, input, given, visible) is { } expression)
        {
            if (expression is Constant { Value.IsNull: true } && !input.IsRequired) return;
            if (expression is Constant constant && !input.IsLazy && FlowNode.Problem(input, constant.Value, out _) is { } problem) _faults.Add(given.Fault("value", problem));
            node.Set(input, expression);
        }
    }

    private Expression? ReadInput(FlowNode node, ActivityInput input, Place given, List<FlowVariable> visible)
    {
        var isWrapped = given.Value["expression"].AsObject is not null;
        var place = isWrapped ? given["expression"] : given;
        if (input.Syntax is { } syntax && (!isWrapped || place["type"].Text is null or "Literal" or "Object")) return _expressions.ReadAs(syntax, isWrapped ? place["value"] : place, visible, HasOwnFacts(node));
        return isWrapped ? _expressions.Read(place, visible) : new Constant(given.Value);
    }

    // Then its rule is not about what a flow knows.
    private static bool HasOwnFacts(FlowNode node) => node.Descriptor!.Class == typeof(EvaluateRule) && !node.Definition.Source["data"].IsNull;

    private static void BindOutput(FlowNode node, string output, Place given)
    {
        if (given["memoryReference"]["id"].Text is { } reference) node.Bind(output, reference);
    }

    private IEnumerable<NodeCase> Cases(Place cases, List<FlowVariable> visible)
    {
        foreach (var place in cases.Items())
        {
            var condition = place["condition"]["expression"] is { Value.IsNull: false } wrapped ? wrapped : place["condition"];
            if (place["label"].Text is not { Length: > 0 } label) _faults.Add(place["label"].Fault("required", "a case has a label"));
            else if (condition.Value.IsNull) yield return new(label, new Constant(Value.False));
            else if (_expressions.Read(condition, visible) is { } expression) yield return new(label, expression);
        }
    }

    /// <summary>Lists the ports a node can be left by; <c>null</c> where only the run can tell.</summary>
    private static IReadOnlyList<string>? OutcomesOf(FlowNode node, ActivityDescriptor descriptor)
    {
        if (descriptor.OutcomesFrom is null) return descriptor.IsTerminal ? [] : descriptor.Outcomes;
        if (node.Cases.Count > 0) return [.. descriptor.Outcomes, .. node.Cases.Select(c => c.Label)];
        var known = TypeNames.Convert(node.Known(descriptor.OutcomesFrom), "Object[]");
        if (known is not { IsNull: false } list) return null;
        var names = new List<string>(descriptor.Outcomes);
        foreach (var item in list.AsList) names.Add(item.AsText ?? item.ToString());
        return names;
    }

    private void CheckChart(FlowNode chart)
    {
        var nodes = chart.Children.ToDictionary(n => n.Definition.Id, StringComparer.Ordinal);
        foreach (var connection in chart.Definition.Connections)
        {
            if (!nodes.TryGetValue(connection.Source, out var source) || source.Outcomes is not { } outcomes || outcomes.Contains(connection.Port) || connection.Port == Running.Outcomes.Failed) continue;
            _faults.Add(new(connection.Pointer, "unknown-port", $"{source.Definition.Type} has no port {connection.Port} (it has {string.Join(", ", outcomes.DefaultIfEmpty("none"))})"));
        }

        foreach (var start in Starts(chart))
        {
            var graph = chart.Graphs.GetOrAdd(start.Definition.Id, id => new(chart.Definition.Connections, id));
            foreach (var connection in graph.Astray())
                _faults.Add(nodes[connection.Source].Definition.Place.Fault("loop", $"leads back to '{connection.Target}', by which the flow need not have come: a loop goes back to an activity every way to its end passes"));
        }
    }

    private static IEnumerable<FlowNode> Starts(FlowNode chart) =>
        chart.Children.Where(c => c.Definition.CanStart && c.Descriptor?.IsTrigger == true).Concat(Flowchart.StartOf(chart, trigger: null) is { } start ? [start] : []).Distinct();
}
