using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>What computes an activity's input; read once and shared between runs.</summary>
internal abstract class Expression
{
    /// <summary>Computes the value.</summary>
    /// <exception cref="FlowException">It cannot be computed from what the run holds.</exception>
    public abstract Value Evaluate(FlowScope scope);
}

/// <summary>Always the same: <c>Literal</c>, and <c>Object</c>, whose JSON was read beforehand.</summary>
internal sealed class Constant(Value value) : Expression
{
    public Value Value => value;

    public override Value Evaluate(FlowScope scope) => value;
}

/// <summary>What a variable holds.</summary>
internal sealed class VariableExpression(string idOrName) : Expression
{
    public override Value Evaluate(FlowScope scope) => scope.TryVariable(idOrName, out var value) ? value : throw new FlowException($"there is no variable '{idOrName}' here");
}

/// <summary>What an input of the flow was given.</summary>
internal sealed class InputExpression(string name) : Expression
{
    public override Value Evaluate(FlowScope scope) => scope.TryInput(name, out var value) ? value : Value.Null;
}

/// <summary>A rule over the facts of the run.</summary>
internal sealed class JsonLogicExpression(Rule rule) : Expression
{
    public Rule Rule => rule;

    public override Value Evaluate(FlowScope scope)
    {
        var outcome = rule.Evaluate(scope.Facts);
        return outcome.IsError ? throw new FlowException($"the rule ended in the error {outcome.Problem}") : outcome.Value;
    }
}
