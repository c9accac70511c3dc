using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>Writes what is going on in a run as text, short, for millions of them sleep in rows; and reads it back. Nodes are written by their index in their flow.</summary>
internal static class StateText
{
    public static string Write(RunState run)
    {
        var state = new FactObjectBuilder { ["n"] = Value.From(run.NextExecution), ["s"] = Value.From(run.Steps), ["x"] = Value.From([.. run.Executions.Select((e, i) => Execution(e, i == 0 ? null : run.Executions[i - 1]))]) };
        if (run.Queue.Count > 0) state["q"] = Value.From([.. run.Queue.Select(Work)]);
        Add(state, "i", run.Input);
        Add(state, "r", run.Output);
        Add(state, "o", run.ActivityOutputs);
        if (!run.LastResult.IsNull) state["l"] = run.LastResult;
        Add(state, "v", run.Kept);
        if (run.Incidents.Count > 0) state["f"] = Value.From([.. run.Incidents.Select(Incident)]);
        return CanonicalJson.Text(Value.From(state.Build()));
    }

    /// <summary>Reads a state into a run that is new.</summary>
    /// <param name="text">The text.</param>
    /// <param name="run">Where to.</param>
    /// <param name="flow">The run's flow.</param>
    /// <param name="find">Finds the flows used as activities in it, by their keys.</param>
    public static async Task ReadAsync(string text, RunState run, Flow flow, Func<string, ValueTask<Flow>> find)
    {
        var state = Value.Parse(text);
        run.NextExecution = (int)state["n"].AsNumber;
        run.Steps = (int)state["s"].AsNumber;
        run.LastResult = state["l"];
        run.Kept = Dictionary(state["v"]);
        Read(state["i"], run.Input);
        Read(state["r"], run.Output);
        Read(state["o"], run.ActivityOutputs);
        foreach (var incident in state["f"].AsList.ToArray()) run.Incidents.Add(Incident(incident));
        foreach (var execution in state["x"].AsList.ToArray())
        {
            var parent = execution["p"].IsNull ? run.Executions.LastOrDefault() : run.Executions.Find(e => e.Id == (int)execution["p"].AsNumber);
            var own = execution["d"].AsText is { } key ? await find(key) : parent is null ? flow : null;
            run.Executions.Add(Execution(execution, parent, parent is null ? flow.Workflow : FlowOf(parent).Nodes[(int)execution["n"].AsNumber], own));
        }

        foreach (var work in state["q"].AsList.ToArray())
        {
            var parent = run.Executions.Find(e => e.Id == (int)work["p"].AsNumber)!;
            run.Queue.Enqueue(new(FlowOf(parent).Nodes[(int)work["n"].AsNumber], parent, work["v"].AsObject?.ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal), work["a"].AsBoolean));
        }
    }

    private static Flow FlowOf(Execution execution)
    {
        var at = execution;
        while (at.Flow is null) at = at.Parent!;
        return at.Flow;
    }

    // What runs within the one written before it does not say so.
    private static Value Execution(Execution execution, Execution? before)
    {
        var members = new FactObjectBuilder { ["i"] = Value.From(execution.Id) };
        if (execution.Node.Index > 0) members["n"] = Value.From(execution.Node.Index);
        if (execution.Parent != before) members["p"] = Value.From(execution.Parent?.Id ?? 0);
        if (execution.Status != ExecutionStatus.Open) members["s"] = Value.From((int)execution.Status);
        if (execution.IsAgain) members["b"] = Value.True;
        if (execution.Attempt > 1) members["t"] = Value.From(execution.Attempt);
        if (execution.Inputs.AsObject is { Count: > 0 }) members["a"] = execution.Inputs;
        if (!execution.State.IsNull) members["k"] = execution.State;
        if (execution.Parent is not null && execution.Flow is { } flow) members["d"] = Value.From(flow.Key);
        Add(members, "v", execution.Variables);
        Add(members, "o", execution.Outputs);
        if (execution.Waits.Count > 0) members["w"] = Value.From([.. execution.Waits.Select(Wait)]);
        return Value.From(members.Build());
    }

    private static Execution Execution(Value members, Execution? parent, FlowNode node, Flow? flow)
    {
        var execution = new Execution
        {
            Id = (int)members["i"].AsNumber,
            Node = node,
            Parent = parent,
            Flow = flow,
            Status = (ExecutionStatus)(int)members["s"].AsNumber,
            IsAgain = members["b"].AsBoolean,
            Attempt = members["t"].IsNull ? 1 : (int)members["t"].AsNumber,
            Inputs = members["a"].IsNull ? Value.From(FactObject.Empty) : members["a"],
            State = members["k"],
            Variables = Dictionary(members["v"]),
            Outputs = Dictionary(members["o"]),
        };
        foreach (var wait in members["w"].AsList) execution.Waits.Add(Wait(wait));
        return execution;
    }

    private static Value Work(Work work)
    {
        var members = new FactObjectBuilder { ["n"] = Value.From(work.Node.Index), ["p"] = Value.From(work.Parent.Id) };
        if (work.IsAgain) members["a"] = Value.True;
        Add(members, "v", work.Variables);
        return Value.From(members.Build());
    }

    // A time is a number: milliseconds since 1970.
    private static Value Wait(Wait wait) => wait switch
    {
        Wait.Until until => Value.From(until.Due.ToUnixTimeMilliseconds()),
        Wait.For signal => Value.From(signal.Signal),
        _ => throw new ArgumentOutOfRangeException(nameof(wait)),
    };

    private static Wait Wait(Value wait) => wait.AsText is { } signal ? new Wait.For(signal) : new Wait.Until(DateTimeOffset.FromUnixTimeMilliseconds((long)wait.AsNumber));

    private static Value Incident(Incident incident) => Value.From(
        [Value.From(incident.Execution), Value.From(incident.NodeId), Value.From(incident.Type), Value.From(incident.Message), Value.From(incident.At), Value.From(incident.Attempt)]);

    private static Incident Incident(Value incident)
    {
        var parts = incident.AsList;
        return new((int)parts[0].AsNumber, parts[1].AsText!, parts[2].AsText!, parts[3].AsText!, DateTimeOffset.Parse(parts[4].AsText!, System.Globalization.CultureInfo.InvariantCulture), (int)parts[5].AsNumber);
    }

    private static void Add(FactObjectBuilder members, string name, IEnumerable<KeyValuePair<string, Value>>? values)
    {
        var builder = new FactObjectBuilder();
        foreach (var (key, value) in values ?? []) builder[key] = value;
        if (builder.Build() is { Count: > 0 } some) members[name] = Value.From(some);
        else if (values is not null && name == "v") members[name] = Value.From(FactObject.Empty);
    }

    private static void Read(Value members, Dictionary<string, Value> into)
    {
        foreach (var (key, value) in members.AsObject ?? FactObject.Empty) into[key] = value;
    }

    private static Dictionary<string, Value>? Dictionary(Value members)
    {
        if (members.AsObject is not { } read) return null;
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        Read(Value.From(read), values);
        return values;
    }
}
