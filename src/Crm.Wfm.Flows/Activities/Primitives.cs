using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Gives a variable a value.</summary>
[FlowActivity("Elsa.SetVariable", "Primitives", "Gives a variable of the flow a value.")]
internal sealed class SetVariable : IFlowActivity
{
    [FlowInput("The variable.")]
    public required FlowVariable Variable { get; init; }

    [FlowInput("The value.")]
    public Value Value { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        flow.SetVariable(Variable, Value);
        return Task.FromResult(ActivityResult.Done);
    }
}

/// <summary>Writes a line into the run's journal, which keeps every activity's inputs.</summary>
[FlowActivity("Elsa.WriteLine", "Primitives", "Writes a line into the run's journal.")]
internal sealed class WriteLine : IFlowActivity
{
    [FlowInput("The line.")]
    public string? Text { get; init; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult(ActivityResult.Done);
}
