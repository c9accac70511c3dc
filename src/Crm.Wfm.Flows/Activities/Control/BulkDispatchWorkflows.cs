using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Starts a run of a flow for each of several values, and runs a branch of its own as each of them ends.</summary>
[FlowActivity("Elsa.BulkDispatchWorkflows", "Composition", "Starts a run of a flow for each of several values; waits for all of them, or goes on at once.", Title = "Bulk dispatch workflows",
    Outcomes = ["Completed", "Canceled", "Done"], Ports = ["childCompleted", "childFaulted"])]
internal sealed class BulkDispatchWorkflows : Container
{
    private const int MostItems = 10_000;
    private const string Open = "open";

    [FlowInput("The flow: its definition id.", Hint = "workflow-definition-picker")]
    public required string WorkflowDefinitionId { get; init; }

    [FlowInput("The values; objects are the inputs of their run.")]
    public Value Items { get; init; }

    [FlowInput("The input a value that is no object is given as.")]
    public string DefaultItemInputKey { get; init; } = "Item";

    [FlowInput("Computes the correlation id of a run; it sees the value under the name above: getItem().", IsLazy = true)]
    public string? CorrelationIdFunction { get; init; }

    [FlowInput("More inputs for every run, by name.", Hint = "dictionary")]
    public Value Input { get; init; }

    [FlowInput("Whether to wait for the ends of all of them.")]
    public bool WaitForCompletion { get; init; } = true;

    [FlowInput("Kept for Elsa; here every run is traced back to what started it.")]
    public bool StartNewTrace { get; init; }

    [FlowInput("Kept for Elsa; here all runs wait in one line.")]
    public string? ChannelName { get; init; }

    public override void Start(ContainerContext at)
    {
        var items = Items.IsNull ? [] : ForEach.ItemsOf(Items);
        if (items.Length > MostItems) throw new FlowException($"at most {MostItems} runs are started at once, not {items.Length}");
        if (!Input.IsNull && Input.AsObject is null) throw new FlowException("input is no object of inputs by name");
        var runs = items.Select(item => Value.From(at.Dispatch(Request(at, item)))).ToArray();
        if (!WaitForCompletion || runs.Length == 0) at.Complete("Done");
        else Await(at, runs);
    }

    public override void Resumed(ContainerContext at, Happened happened)
    {
        var runs = at.State[Open].AsList.ToArray();
        var ended = Array.Find(runs, r => Signals.RunEnded(Guid.Parse(r.AsText!)) == happened.Signal);
        Await(at, [.. runs.Where(r => r != ended)]);
        var port = happened.Payload["status"].AsText == "finished" ? "childCompleted" : "childFaulted";
        if (at.Node.ChildrenIn(port).FirstOrDefault() is { } branch)
            at.Schedule(branch, new Dictionary<string, Value> { ["ChildInstanceId"] = ended, ["ChildOutput"] = happened.Payload["output"] });
        else CompleteIfDone(at);
    }

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes) => CompleteIfDone(at);

    private NewRunRequest Request(ContainerContext at, Value item)
    {
        var input = new FactObjectBuilder(Input.AsObject ?? FactObject.Empty);
        foreach (var (name, value) in item.AsObject ?? FactObject.Empty.With(DefaultItemInputKey, item)) input[name] = value;
        var correlation = at.Evaluate("correlationIdFunction", new Dictionary<string, Value> { [DefaultItemInputKey] = item });
        return ChildRuns.Request(at.Run, WorkflowDefinitionId, Value.From(input.Build()), correlation.IsNull ? null : correlation.AsText ?? correlation.ToString(), WaitForCompletion);
    }

    private static void Await(ContainerContext at, Value[] runs)
    {
        at.State = Value.From((at.State.AsObject ?? FactObject.Empty).With(Open, Value.From(runs)));
        at.Wait([.. runs.Select(r => new Wait.For(Signals.RunEnded(Guid.Parse(r.AsText!))))]);
    }

    private static void CompleteIfDone(ContainerContext at)
    {
        if (at.State[Open].AsList.Length == 0 && !at.HasPending && !at.HasFaulted) at.Complete("Completed", "Done");
    }
}
