using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>A container that a <c>Break</c> within it ends.</summary>
internal abstract class Loop : Container
{
    public override void Start(ContainerContext at) => Turn(at);

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes)
    {
        if (at.IsBreaking) at.Complete();
        else Turn(at);
    }

    /// <summary>Runs the body once more, or completes.</summary>
    protected abstract void Turn(ContainerContext at);

    protected static void Run(ContainerContext at, IReadOnlyDictionary<string, Value>? variables = null)
    {
        if (at.Node.ChildrenIn("body").FirstOrDefault() is { } body) at.Schedule(body, variables);
        else at.Complete();
    }

    protected static double Kept(ContainerContext at, string name, double start) => at.State[name] is { IsNull: false } kept ? kept.AsNumber : start;

    protected static void Keep(ContainerContext at, string name, double value) => at.State = Value.From((at.State.AsObject ?? FactObject.Empty).With(name, Value.From(value)));
}

/// <summary>Repeats its body while a condition holds.</summary>
[FlowActivity("Elsa.While", "Looping", "Repeats its body while a condition holds.", Ports = ["body"])]
internal sealed class While : Loop
{
    [FlowInput("Asked before each turn.", IsLazy = true)]
    public bool Condition { get; init; }

    protected override void Turn(ContainerContext at)
    {
        if (InputValues.Truth(at.Evaluate("condition")) && at.Node.Children.Count > 0) Run(at);
        else at.Complete();
    }
}

/// <summary>Counts.</summary>
[FlowActivity("Elsa.For", "Looping", "Repeats its body for each number from start to end.", Ports = ["body"])]
internal sealed class For : Loop
{
    [FlowInput("The first number.")]
    public new int Start { get; init; }

    [FlowInput("The last number.")]
    public int End { get; init; }

    [FlowInput("How far from one to the next; less than 0 to count down.")]
    public int Step { get; init; } = 1;

    [FlowInput("Whether the last number takes part.")]
    public bool OuterBoundInclusive { get; init; } = true;

    [FlowOutput("The number of the turn.")]
    public double CurrentValue { get; }

    protected override void Turn(ContainerContext at)
    {
        var current = Kept(at, "next", Start);
        var isIn = Step >= 0 ? (OuterBoundInclusive ? current <= End : current < End) : OuterBoundInclusive ? current >= End : current > End;
        if (!isIn || at.Node.Children.Count == 0)
        {
            at.Complete();
            return;
        }

        Keep(at, "next", current + Step);
        at.Give("currentValue", Value.From(current));
        Run(at, new Dictionary<string, Value> { ["CurrentValue"] = Value.From(current) });
    }
}

/// <summary>Repeats its body for each of several values, one after the other.</summary>
[FlowActivity("Elsa.ForEach", "Looping", "Repeats its body for each of several values, one after the other.", Ports = ["body"])]
internal sealed class ForEach : Loop
{
    [FlowInput("The values.")]
    public Value Items { get; init; }

    [FlowOutput("The value of the turn.")]
    public Value CurrentValue { get; }

    protected override void Turn(ContainerContext at)
    {
        var (index, items) = ((int)Kept(at, "next", 0), ItemsOf(Items));
        if (index >= items.Length || at.Node.Children.Count == 0)
        {
            at.Complete();
            return;
        }

        Keep(at, "next", index + 1);
        at.Give("currentValue", items[index]);
        Run(at, new Dictionary<string, Value> { ["CurrentValue"] = items[index], ["CurrentIndex"] = Value.From(index) });
    }

    /// <summary>Takes a list, or a text that holds the JSON of one.</summary>
    internal static Value[] ItemsOf(Value items) => Definitions.TypeNames.Convert(items, "Object[]") is { } list ? list.AsList.ToArray() : throw new FlowException("items is no list");
}

/// <summary>Runs its body for each of several values, beside each other.</summary>
[FlowActivity("Elsa.ParallelForEach", "Looping", "Runs its body for each of several values, beside each other.", Ports = ["body"])]
internal sealed class ParallelForEach : Container
{
    [FlowInput("The values.")]
    public Value Items { get; init; }

    public override void Start(ContainerContext at)
    {
        var items = ForEach.ItemsOf(Items);
        var body = at.Node.ChildrenIn("body").FirstOrDefault();
        for (var i = 0; i < items.Length && body is not null; i++) at.Schedule(body, new Dictionary<string, Value> { ["CurrentValue"] = items[i], ["CurrentIndex"] = Value.From(i) });
        if (items.Length == 0 || body is null) at.Complete();
    }

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes)
    {
        if (!at.HasPending && !at.HasFaulted) at.Complete();
    }
}
