namespace Crm.Testing;

/// <summary>A rule made to take all the time or memory there is.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Rule">The rule, as JSON.</param>
/// <param name="Data">The data, as JSON.</param>
/// <param name="Fault">The fault under which an import refuses it; <c>null</c> where only the data makes it grow.</param>
/// <param name="Error">The type of the error it ends in when it is evaluated all the same.</param>
public sealed record Bomb(string Name, string Rule, string Data, string? Fault, string Error)
{
    private const string TooComplex = "Too Complex";
    private const string InvalidArguments = "Invalid Arguments";

    /// <summary>All there are; each a bit of JSON, however large what it would become.</summary>
    public static IReadOnlyList<Bomb> All { get; } =
    [
        new("maps within maps", Nested("map", 5), $$"""{"list":{{List(1000)}}}""", "rule-cost", TooComplex),
        new("maps within maps over literals", Nested("map", 3, List(100)), "null", "rule-cost", TooComplex),
        new("questions within questions", Nested("all", 4), $$"""{"list":{{List(1000)}}}""", "rule-cost", TooComplex),
        new("one map over a long list", Nested("map", 1), $$"""{"list":{{List(300_000)}}}""", null, TooComplex),
        new("a list that doubles", Doubling("merge", "[1]"), $$"""{"list":{{List(60)}}}""", null, TooComplex),
        new("a text that doubles", Doubling("cat", "\"ab\""), $$"""{"list":{{List(60)}}}""", null, TooComplex),
        new("a long text many times", $$"""{"cat":[{{Repeated("""{"var":"text"}""", 3000)}}]}""", $$"""{"text":"{{Text(1_000_000)}}"}""", null, TooComplex),
        new("a long text recased in a loop", """{"map":[{"var":"list"},{"upper":{"val":[[2],"text"]}}]}""", $$"""{"list":{{List(1000)}},"text":"{{Text(100_000)}}"}""", null, TooComplex),
        new("long texts compared in a loop", """{"all":[{"var":"list"},{"==":[{"val":[[2],"text"]},{"val":[[2],"same"]}]}]}""",
            $$"""{"list":{{List(20_000)}},"text":"{{Text(500_000)}}","same":"{{Text(500_000)}}"}""", null, TooComplex),
        new("a long text read as a number in a loop", """{"map":[{"var":"list"},{"+":[{"val":[[2],"text"]}]}]}""", $$"""{"list":{{List(10_000)}},"text":"{{new string('9', 200)}}"}""", null, TooComplex),
        new("long lists looked through in a loop", """{"filter":[{"var":"list"},{"in":[-1,{"val":[[2],"list"]}]}]}""", $$"""{"list":{{List(20_000)}}}""", null, TooComplex),
        new("long lists compared in a loop", """{"filter":[{"var":"list"},{"===":[{"val":[[2],"list"]},{"val":[[2],"same"]}]}]}""", $$"""{"list":{{List(20_000)}},"same":{{List(20_000)}}}""", null, TooComplex),
        new("a list that nests", """{"reduce":[{"var":"list"},[{"var":"accumulator"}],0]}""", $$"""{"list":{{List(20_000)}}}""", null, TooComplex),
        new("a list that nests, as text", """{"cat":{"reduce":[{"var":"list"},[{"var":"accumulator"}],0]}}""", $$"""{"list":{{List(20_000)}}}""", null, TooComplex),
        new("errors caught in a loop", """{"map":[{"var":"list"},{"try":[{"throw":"a"},{"throw":"b"},1]}]}""", $$"""{"list":{{List(50_000)}}}""", null, TooComplex),
        new("a pattern with many states", """{"map":[{"var":"list"},{"matches":[{"val":[[2],"text"]},"((a?b?c?){100}a)*x"]}]}""", $$"""{"list":{{List(1000)}},"text":"{{Text(10_000)}}"}""", null, TooComplex),
        new("a pattern that is large written out", """{"matches":["a","((a{100}){100}){100}"]}""", "null", "rule-pattern", InvalidArguments),
        new("100,000 operands", $$"""{"+":[{{Repeated("1", 100_000)}}]}""", "null", "rule-size", TooComplex),
        new("100,000 operands of which each is a rule", $$"""{"or":[{{Repeated("""{"!":true}""", 100_000)}}]}""", "null", "rule-size", TooComplex),
        new("a path of 10,000 characters", $$"""{"var":"{{Repeated("a", 5000).Replace(',', '.')}}"}""", "null", "rule-path", InvalidArguments),
        new("a path of 10,000 names", $$"""{"val":[{{Repeated("\"a\"", 9000)}}]}""", "null", "rule-path", InvalidArguments),
        new("a computed path of 10,000 characters", """{"var":{"var":"text"}}""", $$"""{"text":"{{Text(10_000)}}"}""", null, InvalidArguments),
        new("computed paths in a loop", """{"map":[{"var":"list"},{"var":{"cat":["a.b.c.d.e.f.g.",{"var":""}]}}]}""", $$"""{"list":{{List(50_000)}}}""", null, TooComplex),
        new("unknown operators", $$"""[{{Repeated("""{"substring_of_it":1}""", 4500)}}]""", "null", "rule-operator", "Unknown Operator"),
    ];

    public override string ToString() => Name;

    /// <param name="iterator">The operator.</param>
    /// <param name="levels">How often it lies within itself.</param>
    /// <param name="list">What each goes through; the fact <c>list</c> when nothing is named.</param>
    private static string Nested(string iterator, int levels, string? list = null)
    {
        var rule = "1";
        for (var level = 0; level < levels; level++) rule = $$"""{"{{iterator}}":[{{list ?? $$"""{"val":[[{{2 * (levels - 1 - level)}}],"list"]}"""}},{{rule}}]}""";
        return rule;
    }

    private static string Doubling(string operation, string start) =>
        $$"""{"reduce":[{"var":"list"},{"{{operation}}":[{"var":"accumulator"},{"var":"accumulator"}]},{{start}}]}""";

    private static string List(int length) => $"[{string.Join(',', Enumerable.Range(1, length))}]";

    private static string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(i => "abc"[(int)((long)i * i % 7 % 3)]));

    private static string Repeated(string part, int times) => string.Join(',', Enumerable.Repeat(part, times));
}
