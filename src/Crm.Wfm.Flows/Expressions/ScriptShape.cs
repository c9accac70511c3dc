using System.Collections.Frozen;
using Acornima;
using Acornima.Ast;
using Jint;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>What can be known of a script by looking at it once: what its engine has to be given, and what it can be spared.</summary>
/// <param name="Globals">The names it uses and does not declare.</param>
/// <param name="IsPlain">Whether it only reads, computes and calls functions by their names, so that nothing has to be guarded.</param>
/// <param name="Searches">Whether it looks for one text in another.</param>
/// <param name="CanChange">Whether it can change an object it was given.</param>
/// <param name="Problem">Why it would not run; <c>null</c> when it would.</param>
internal sealed record ScriptShape(IReadOnlyList<string> Globals, bool IsPlain, bool Searches, bool CanChange, string? Problem)
{
    private const int MaxDepth = 400;

    /// <summary>Globals of the language that scripts do not have: with them the limits could be passed by, or values made that JSON cannot hold.</summary>
    public static readonly FrozenSet<string> Absent = FrozenSet.ToFrozenSet(
    [
        "Proxy", "ShadowRealm", "Atomics", "SharedArrayBuffer", "ArrayBuffer", "DataView", "BigInt", "Iterator", "Temporal", "WebAssembly",
        "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "BigInt64Array", "BigUint64Array", "Float16Array", "Float32Array", "Float64Array",
    ]);

    private static readonly FrozenSet<string> Guarded = FrozenSet.ToFrozenSet(
    [
        "repeat", "padStart", "padEnd", "join", "replace", "replaceAll", "concat", "flat", "bind", "call", "apply", "stringify", "normalize", "encodeURI", "encodeURIComponent", "escape", "raw",
        "fill", "Array", "RegExp", "toString", "toLocaleString", "constructor", "globalThis", "Reflect", "getOwnPropertyDescriptor", "getOwnPropertyDescriptors", "getPrototypeOf", "setPrototypeOf", "__proto__",
        "eval", "Function", "toTemporalInstant", "isSupersetOf", "isSubsetOf", "isDisjointFrom", "union", "intersection", "difference", "symmetricDifference", "fromAsync",
    ]);

    private static readonly FrozenSet<string> Searching = FrozenSet.ToFrozenSet(["indexOf", "lastIndexOf", "includes", "split", "match", "matchAll", "search"]);

    private static readonly FrozenSet<string> Changing = FrozenSet.ToFrozenSet(
        ["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin", "assign", "defineProperty", "defineProperties", "set", "deleteProperty"]);

    public static ScriptShape Of(Prepared<Acornima.Ast.Script> script)
    {
        var globals = script.ReferencedGlobals!.ToList();
        var (isPlain, searches, canChange, problem) = (true, false, false, globals.Find(Absent.Contains) is { } absent ? $"scripts have no {absent}" : null);
        var open = new Stack<(Node Node, int Depth)>([(script.Program!, 0)]);
        while (problem is null && open.TryPop(out var at))
        {
            if (at.Depth > MaxDepth) problem = $"a script's operators and calls are nested at most {MaxDepth} deep";
            else if (at.Node is BigIntLiteral) problem = "scripts have no BigInt: a number is a double, as in JSON";
            isPlain &= IsHarmless(at.Node);
            searches |= at.Node switch
            {
                Identifier identifier => Searching.Contains(identifier.Name),
                StringLiteral text => Searching.Contains(text.Value),
                _ => false,
            };
            canChange |= CanChangeBy(at.Node);
            foreach (var child in at.Node.ChildNodes) open.Push((child, at.Depth + 1));
        }

        return new(globals, isPlain, searches, canChange, problem);
    }

    private static bool IsHarmless(Node node) => node switch
    {
        Identifier identifier => !Guarded.Contains(identifier.Name),
        StringLiteral text => !Guarded.Contains(text.Value),
        MemberExpression { Computed: true } member => member.Property is StringLiteral or NumericLiteral,
        ForStatement or ForInStatement or ForOfStatement or WhileStatement or DoWhileStatement or WithStatement => false,
        IFunction or IClass or NewExpression { Callee: not Identifier { Name: "Date" } } or TaggedTemplateExpression or SpreadElement or ThisExpression or LabeledStatement => false,
        _ => true,
    };

    private static bool CanChangeBy(Node node) => node switch
    {
        AssignmentExpression { Left: not Identifier } or UpdateExpression { Argument: not Identifier } or UnaryExpression { Operator: Operator.Delete } => true,
        Identifier identifier => Changing.Contains(identifier.Name),
        StringLiteral text => Changing.Contains(text.Value),
        MemberExpression { Computed: true } member => member.Property is not (StringLiteral or NumericLiteral),
        ForInStatement or ForOfStatement => true,
        _ => false,
    };
}
