using Crm.Wfm.Decisions;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Goes by what a rule says, and tells how it came to that.</summary>
[FlowActivity("Wfm.EvaluateRule", "Process", "Goes on by True when a rule holds, else by False, and tells how it came to that.", Outcomes = ["True", "False"], IsPure = true)]
internal sealed class EvaluateRule : IFlowActivity
{
    [FlowInput("The rule, in JsonLogic.", Syntax = "JsonLogic", IsLazy = true, Hint = "code-editor")]
    public required Value Rule { get; init; }

    [FlowInput("The facts it sees; what every rule of a flow sees, when they are not given.", Hint = "dictionary")]
    public Value Data { get; init; }

    [FlowOutput("What it came to.")]
    public Value Result { get; private set; }

    [FlowOutput("How: each operator with its operands and its result.")]
    public Value Trace { get; private set; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var rule = flow.RuleOf("rule") ?? throw new FlowException("there is no rule");
        var facts = Data.IsNull ? flow.Facts : Data;
        var outcome = rule.Evaluate(facts);
        if (outcome.IsError) throw new FlowException($"the rule ended in the error {outcome.Problem}");
        (Result, Trace) = (outcome.Value, rule.Explain(facts).ToValue());
        return Task.FromResult<ActivityResult>(new ActivityResult.Completed(rule.Holds(facts) ? "True" : "False"));
    }
}

/// <summary>Asks a published decision.</summary>
[FlowActivity("Wfm.DecisionTable", "Process", "Asks a published decision table or scorecard.", Outcomes = ["Decided", "NoMatch"])]
internal sealed class DecisionTable(PublishedDecisions decisions) : IFlowActivity
{
    [FlowInput("Key of the decision.")]
    public required string Decision { get; init; }

    [FlowInput("Inputs that are given rather than computed from the facts, by name.", Hint = "dictionary")]
    public Value Inputs { get; init; }

    [FlowInput("The facts at entity.*.", Hint = "dictionary")]
    public Value Entity { get; init; }

    [FlowInput("The project it is about: then the facts are its own, and the decision that of the version it follows.")]
    public Guid? Project { get; init; }

    [FlowOutput("What it gives, by name.")]
    public Value Result { get; private set; }

    [FlowOutput("The rows that hit; a scorecard's as characteristic/row.")]
    public IReadOnlyList<string> Hits { get; private set; } = [];

    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        if (Project is not null && !Entity.IsNull) throw new FlowException("entity is not given with a project, which has facts of its own");
        var inquiry = new Inquiry(Actor.System, Object(Entity, "entity"), Object(Inputs, "inputs"), Project);
        if (await decisions.FindAsync(Decision, ct) is not { } found) throw new FlowException($"there is no decision '{Decision}'");
        foreach (var (name, value) in inquiry.Inputs ?? FactObject.Empty) Check(found, name, value);
        if (await decisions.AskAsync(Decision, inquiry, ct) is not { } trace) throw new FlowException($"there is no project {Project} whose process has the decision '{Decision}'");
        if (trace.Result.IsError) throw new FlowException($"the decision '{Decision}' ended in an error: {trace.Result.Error["message"].AsText ?? trace.Result.Error.ToString()}");
        (Result, Hits) = (trace.Result.Outputs, [.. trace.Hits]);
        return new ActivityResult.Completed(Result.IsNull ? "NoMatch" : "Decided");
    }

    private static void Check(PublishedDecision found, string name, Value value)
    {
        var inputs = found.Decision.Inputs;
        if (inputs.FirstOrDefault(i => i.Key == name) is not { } input) throw new FlowException($"the decision has no input '{name}'{Closest.Hint(name, inputs.Select(i => i.Key))}");
        if (input.Schema.Validate(value) is [var fault, ..]) throw new FlowException($"the decision's input {name}{fault.Pointer} {fault.Message}");
    }

    private static FactObject? Object(Value value, string input) => value.IsNull ? null : value.AsObject ?? throw new FlowException($"{input} is no object");
}
