using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Expressions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>Makes flows ready to run, and finds everything by which they could not: what passes here runs as it was drawn.</summary>
internal sealed class FlowCompiler
{
    private readonly ActivityCatalog _activities;
    private readonly FlowDefinition _flow;
    private readonly ExpressionReader _expressions;
    private readonly ICollection<Fault> _faults;
    private readonly Dictionary<string, FlowStep> _steps = new(StringComparer.Ordinal);

    private FlowCompiler(ActivityCatalog activities, FlowDefinition flow, ICollection<Fault> faults) =>
        (_activities, _flow, _faults, _expressions) = (activities, flow, faults, new(flow, faults));

    private Place Root => new Place(_flow.Source, "")["root"];

    /// <summary>Compiles a definition; <c>null</c> when faults were added, with pointers relative to it.</summary>
    /// <param name="definition">An Elsa 3 workflow definition.</param>
    /// <param name="eventTypes">The events that are to start it, in canonical spelling.</param>
    /// <param name="activities">What it can use.</param>
    /// <param name="faults">Receives every fault.</param>
    public static Flow? Compile(Value definition, IReadOnlyList<string> eventTypes, ActivityCatalog activities, ICollection<Fault> faults)
    {
        var before = faults.Count;
        if (FlowReader.Read(definition, faults) is not { } flow) return null;
        var compiled = new FlowCompiler(activities, flow, faults).Compile(eventTypes);
        return faults.Count == before ? compiled : null;
    }

    private Flow Compile(IReadOnlyList<string> eventTypes)
    {
        foreach (var activity in _flow.Activities) CompileStep(activity);
        CheckPorts();
        var triggers = Triggers(eventTypes);
        var starts = eventTypes.ToDictionary(type => type, type => Start(type, triggers));
        foreach (var start in starts.Values.OfType<FlowStart>().DistinctBy(s => s.Activity)) CheckLoops(start);
        return new(_flow, _steps, starts);
    }

    private void CompileStep(ActivityDefinition activity)
    {
        var place = activity.Place;
        if (!_activities.TryFind(activity.Type, out var descriptor))
        {
            _faults.Add(place["type"].Fault("unknown-activity", $"there is no activity {activity.Type}{Closest.Hint(activity.Type, _activities.All.Select(a => a.Type))}"));
            return;
        }

        var step = _steps[activity.Id] = new(activity, descriptor);
        foreach (var input in descriptor.Inputs) CompileInput(step, input, place[input.Name]);
        foreach (var output in descriptor.Outputs) BindOutput(step, output, place[output.Name]);
        var known = descriptor.Inputs.Select(i => i.Name).ToList();
        foreach (var (name, value) in activity.Source.AsObject!)
        {
            if (!value["expression"].IsNull && !known.Contains(name))
                _faults.Add(place[name].Fault("unknown-input", $"{activity.Type} has no input {name}{Closest.Hint(name, known)}"));
        }
    }

    private void CompileInput(FlowStep step, ActivityInput input, Place given)
    {
        if (given.Value.IsNull)
        {
            if (input.IsRequired) _faults.Add(given.Fault("required", $"{step.Definition.Type} needs {input.Name}"));
        }
        else if (input.Property.PropertyType == typeof(FlowVariable))
        {
            if (_expressions.Variable(given) is { } variable) step.Set(input, variable);
        }
        else if (given.Value.AsObject is { } wrapped && !wrapped.Has("expression"))
        {
            _faults.Add(given.Fault("expression", "has no expression"));
        }
        else if ((given.Value.AsObject is null ? new Constant(given.Value) : _expressions.Read(given["expression"])) is { } expression)
        {
            if (expression is Constant constant && FlowStep.Problem(input, constant.Value, out _) is { } problem) _faults.Add(given.Fault("value", problem));
            step.Set(input, expression);
        }
    }

    // A reference that leads to no variable leads to a place of Elsa's own, where nobody looks.
    private void BindOutput(FlowStep step, ActivityOutput output, Place given)
    {
        var id = given["memoryReference"]["id"].Text;
        if (_flow.Variables.FirstOrDefault(v => v.Id == id) is { } variable) step.Bind(output, variable);
    }

    private void CheckPorts()
    {
        foreach (var (connection, place) in _flow.Connections.Zip(Root["connections"].Items()))
        {
            if (!_steps.TryGetValue(connection.Source, out var step) || step.Descriptor.Outcomes.Contains(connection.Port)) continue;
            _faults.Add(place.Fault("unknown-port", $"{step.Descriptor.Type} has no port {connection.Port} (it has {string.Join(", ", step.Descriptor.Outcomes.DefaultIfEmpty("none"))})"));
        }
    }

    /// <summary>Finds the triggers by the type they listen to; the types of the automation and of its flow have to agree.</summary>
    private Dictionary<string, FlowStep> Triggers(IReadOnlyList<string> eventTypes)
    {
        var triggers = new Dictionary<string, FlowStep>(StringComparer.Ordinal);
        foreach (var step in _steps.Values.Where(s => s.Descriptor.Class == typeof(EventTrigger)))
        {
            var name = step.Definition.Place["eventName"];
            if (!step.Definition.CanStart || _flow.Connections.Any(c => c.Target == step.Definition.Id))
                _faults.Add(step.Definition.Place.Fault("not-a-trigger", "an event can only start a flow (canStartWorkflow, and nothing leads to it); waiting for one in the middle of it is not run yet"));
            else if (step.Known("eventName").AsText is not { } listened) _faults.Add(name.Fault("expression", "the type of an event that starts a flow is a literal"));
            else if (!eventTypes.Contains(EventTrigger.Canonical(listened))) _faults.Add(name.Fault("unknown-reference", $"the automation is not started on '{listened}'"));
            else if (!triggers.TryAdd(EventTrigger.Canonical(listened), step)) _faults.Add(name.Fault("duplicate-trigger", $"another trigger listens to '{listened}' already"));
        }

        return triggers;
    }

    private FlowStart? Start(string eventType, Dictionary<string, FlowStep> triggers)
    {
        if (!triggers.TryGetValue(eventType, out var trigger) && triggers.Count > 0)
            _faults.Add(Root["activities"].Fault("no-trigger", $"no trigger of the flow listens to '{eventType}'"));
        var activity = trigger?.Definition
            ?? _flow.Activities.FirstOrDefault(a => a.Type == "Elsa.Start")
            ?? _flow.Activities.FirstOrDefault(a => a.CanStart)
            ?? _flow.Activities.FirstOrDefault(a => _flow.Connections.All(c => c.Target != a.Id))
            ?? (_flow.Activities is [var first, ..] ? first : null);
        return activity is null ? null : new(activity.Id, new(_flow.Connections, activity.Id));
    }

    private void CheckLoops(FlowStart start)
    {
        foreach (var connection in start.Graph.Astray())
        {
            var place = _flow.Activities.First(a => a.Id == connection.Source).Place;
            _faults.Add(place.Fault("loop", $"leads back to '{connection.Target}', by which the flow need not have come: a loop goes back to an activity every way to its end passes"));
        }
    }
}
