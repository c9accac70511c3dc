using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Rules;

/// <summary>A rule, data and what comes of it, as JSON text; <c>!NaN</c> is the error of that type.</summary>
internal static class Case
{
    public static void Gives(string rule, string data, string expected) => Gives(Value.Parse(rule), Value.Parse(data), expected);

    /// <summary>Tries every way to evaluate the rule, also over facts, where the compiler cannot know the kinds.</summary>
    public static void Gives(Value rule, Value data, string expected)
    {
        var compiled = Rule.CompileLeniently(rule);
        var outcome = compiled.Evaluate(data);
        Text(outcome.Value, outcome.Error).ShouldBe(expected.StartsWith('!') ? expected : Value.Parse(expected).ToString(), rule.ToString());
        compiled.Holds(data).ShouldBe(!outcome.IsError && IsTrue(outcome.Value), rule.ToString());
        var trace = compiled.Explain(data);
        Text(trace.Result, trace.Error).ShouldBe(Text(outcome.Value, outcome.Error), rule.ToString());
    }

    /// <summary>Evaluates an operator with its arguments in the rule, and again with each of them among the facts.</summary>
    public static void Applied(string operation, string arguments, string expected)
    {
        Gives($$"""{"{{operation}}":{{arguments}}}""", "null", expected);
        var values = Value.Parse(arguments).AsList.ToArray();
        var facts = values.Select((_, i) => $$"""{"val":{{i}}}""");
        Gives($$"""{"{{operation}}":[{{string.Join(',', facts)}}]}""", arguments, expected);
    }

    public static bool IsTrue(Value value) => value.Kind switch
    {
        ValueKind.Null => false,
        ValueKind.Text => value.AsText != "",
        ValueKind.List => value.AsList.Length > 0,
        ValueKind.Object => true,
        _ => value.AsNumber is not (0 or double.NaN),
    };

    private static string Text(Value value, Value error) => error.IsNull ? value.ToString() : $"!{error["type"].AsText}";
}
