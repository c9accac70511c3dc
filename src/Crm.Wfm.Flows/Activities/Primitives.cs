using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Gives a variable a value.</summary>
[FlowActivity("Elsa.SetVariable", "Primitives", "Gives a variable of the flow a value.", IsPure = true)]
internal sealed class SetVariable : IFlowActivity
{
    [FlowInput("The variable.", Hint = "variable-picker")]
    public required FlowVariable Variable { get; init; }

    [FlowInput("The value.")]
    public Value Value { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        flow.SetVariable(Variable, Value);
        return Task.FromResult(ActivityResult.Done);
    }
}

/// <summary>Gives an output of the flow a value.</summary>
[FlowActivity("Elsa.SetOutput", "Primitives", "Gives an output of the flow a value.", IsPure = true)]
internal sealed class SetOutput : IFlowActivity
{
    [FlowInput("The output's name.", Hint = "output-picker")]
    public string? OutputName { get; init; }

    [FlowInput("The value.")]
    public Value OutputValue { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        if (OutputName is { Length: > 0 }) flow.SetOutput(OutputName, OutputValue);
        return Task.FromResult(ActivityResult.Done);
    }
}

/// <summary>Names the run.</summary>
[FlowActivity("Elsa.SetName", "Primitives", "Gives the run a name.", IsPure = true)]
internal sealed class SetName : IFlowActivity
{
    [FlowInput("The name.")]
    public string? Value { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        flow.RunName = Value;
        return Task.FromResult(ActivityResult.Done);
    }
}

/// <summary>Says what the run belongs to.</summary>
[FlowActivity("Elsa.Correlate", "Primitives", "Gives the run a correlation id: what it belongs to, such as a deal's id.", IsPure = true)]
internal sealed class Correlate : IFlowActivity
{
    [FlowInput("The correlation id.")]
    public string? CorrelationId { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        flow.CorrelationId = CorrelationId;
        return Task.FromResult(ActivityResult.Done);
    }
}

/// <summary>Writes a line into the run's journal, which keeps every activity's inputs.</summary>
[FlowActivity("Elsa.WriteLine", "Primitives", "Writes a line into the run's journal.", IsPure = true)]
internal sealed class WriteLine : IFlowActivity
{
    [FlowInput("The line.", Hint = "multiline")]
    public string? Text { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        flow.WriteLine(Text ?? "");
        return Task.FromResult(ActivityResult.Done);
    }
}
