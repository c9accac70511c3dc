using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Runs a script for what it computes, for the variables it sets, or for the way it chooses.</summary>
[FlowActivity("Elsa.RunJavaScript", "Scripting", "Runs JavaScript; setOutcome says by which outcome to go on.", Title = "Run JavaScript", OutcomesFrom = "possibleOutcomes", IsPure = true)]
internal sealed class RunJavaScript : IFlowActivity
{
    [FlowInput("The script. What it returns is the result.", Hint = "code-editor", IsLazy = true)]
    public string? Script { get; init; }

    [FlowInput("The outcomes setOutcome can choose.", Hint = "dynamic-outcomes")]
    public Value PossibleOutcomes { get; init; }

    [FlowOutput("What the script returned.")]
    public Value Result { get; private set; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var outcomes = new List<string>();
        Result = flow.RunScript("script", outcomes);
        return Task.FromResult<ActivityResult>(new ActivityResult.Completed(outcomes is [] ? ["Done"] : outcomes));
    }
}
