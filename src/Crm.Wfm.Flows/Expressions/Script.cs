using System.Diagnostics.CodeAnalysis;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Interop;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>JavaScript, with the functions Elsa's scripts have: <c>getMyVariable()</c>, <c>getInput("x")</c>, <c>getOutputFrom("Activity")</c> and the like.</summary>
internal sealed class Script : Expression
{
    private const int MaxLength = 50_000;

    private readonly Prepared<Acornima.Ast.Script> _script;
    private readonly ScriptShape _shape;

    private Script(Prepared<Acornima.Ast.Script> script, ScriptShape shape) => (_script, _shape) = (script, shape);

    /// <summary>Gets the names it uses and does not declare.</summary>
    public IReadOnlyList<string> Names => _shape.Globals;

    /// <summary>Reads a script once, for all runs.</summary>
    public static bool TryCompile(string text, [NotNullWhen(true)] out Script? script, [NotNullWhen(false)] out string? problem)
    {
        (script, problem) = (null, text.Length > MaxLength ? $"a script has at most {MaxLength} characters" : null);
        if (problem is not null) return false;
        try
        {
            var prepared = Engine.PrepareScript(text, options: ScriptLimits.Preparation);
            var shape = ScriptShape.Of(prepared);
            problem = shape.Problem;
            if (problem is null) script = new(prepared, shape);
        }
        catch (Exception e) when (e is ScriptPreparationException or JintException)
        {
            problem = $"is no JavaScript: {(e.InnerException ?? e).Message}";
        }

        return problem is null;
    }

    public override Value Evaluate(FlowScope scope) => Evaluate(scope, outcomes: null);

    /// <summary>Runs it.</summary>
    /// <param name="scope">What it sees.</param>
    /// <param name="outcomes">Receives what <c>setOutcome</c> and <c>setOutcomes</c> say; <c>null</c> where they are not known.</param>
    public Value Evaluate(FlowScope scope, List<string>? outcomes)
    {
        try
        {
            ScriptClock.Now = scope.Now;
            var engine = new Engine(ScriptLimits.Options);
            if (!_shape.IsPlain) ScriptGuards.Install(engine);
            else if (_shape.Searches) ScriptSearches.Install(engine);
            var functions = new ScriptFunctions(engine, scope, _shape, outcomes);
            functions.Add();
            var result = engine.Evaluate(_script);
            if (result is ObjectInstance promise && result.IsPromise()) result = Awaited(engine, promise);
            var values = new ScriptValues(engine);
            var value = Value.Null;
            // Within an entry of the engine: what the result's own functions do is limited as the script is.
            engine.Invoke(new ClrFunction(engine, "result", (_, _) =>
            {
                value = values.Take(result);
                functions.Keep(values);
                return JsValue.Undefined;
            }));
            return value;
        }
        catch (Exception e) when (ScriptLimits.Failure(e) is { } failure)
        {
            throw failure;
        }
    }

    // Nothing from outside can fulfil a promise here: what is not settled by now never is.
    private static JsValue Awaited(Engine engine, ObjectInstance promise)
    {
        JsValue? kept = null, lost = null;
        ClrFunction When(string name, Action<JsValue> take) => new(engine, name, (_, a) =>
        {
            take(a.Length > 0 ? a[0] : JsValue.Undefined);
            return JsValue.Undefined;
        });
        engine.Call(promise.Get("then"), promise, [When("kept", v => kept = v), When("lost", v => lost = v)]);
        engine.Advanced.ProcessTasks();
        if (lost is not null) throw new FlowException($"the script failed: {lost}");
        return kept ?? throw new FlowException("the script waits for a promise that nothing fulfils");
    }
}
