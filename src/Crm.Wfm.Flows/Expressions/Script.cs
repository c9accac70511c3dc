using System.Diagnostics.CodeAnalysis;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;
using Jint;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>JavaScript, with the functions Elsa's scripts have: <c>getMyVariable()</c>, <c>getInput("x")</c>, <c>getOutputFrom("Activity")</c> and the like.</summary>
internal sealed class Script : Expression
{
    private const int MaxLength = 50_000;

    private readonly Prepared<Acornima.Ast.Script> _script;

    private Script(Prepared<Acornima.Ast.Script> script) => _script = script;

    public static bool TryCompile(string text, [NotNullWhen(true)] out Script? script, [NotNullWhen(false)] out string? problem)
    {
        (script, problem) = (null, null);
        if (text.Length > MaxLength)
        {
            problem = $"a script has at most {MaxLength} characters";
            return false;
        }

        try
        {
            script = new(Engine.PrepareScript(text, options: new ScriptPreparationOptions { ParsingOptions = new ScriptParsingOptions { AllowReturnOutsideFunction = true } }));
            return true;
        }
        catch (Exception e)
        {
            problem = $"is no JavaScript: {e.Message}";
            return false;
        }
    }

    public override Value Evaluate(FlowScope scope)
    {
        var engine = new Engine(o => o.TimeoutInterval(TimeSpan.FromSeconds(1)).LimitRecursion(200).MaxStatements(100_000).LimitMemory(32_000_000).Strict(false));
        try
        {
            ScriptFunctions.Add(engine, scope);
            return ScriptFunctions.Value(engine, engine.Evaluate(_script));
        }
        catch (FlowException)
        {
            throw;
        }
        catch (Exception e)
        {
            throw new FlowException($"the script failed: {e.Message}");
        }
    }
}
