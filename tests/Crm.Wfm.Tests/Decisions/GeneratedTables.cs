using Crm.Wfm.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Decisions;

/// <summary>A row as it was made up: what it asks of each of the inputs, and what it gives.</summary>
internal sealed record MadeRow(string?[] Cells, int Out);

/// <summary>Tables as FsCheck makes them up: three inputs with few values, so that rows meet often, and rows that lie on the borders.</summary>
internal static class GeneratedTables
{
    public const int Inputs = 3;

    /// <summary>All values of each input: a number or nothing, one of three texts, a boolean.</summary>
    public static readonly string[][] Domains = [["null", "0", "1", "2", "3", "4"], ["\"x\"", "\"y\"", "\"z\""], ["true", "false"]];

    private static readonly string[] Schemas =
        ["""{"type": ["integer", "null"], "minimum": 0, "maximum": 4}""", """{"enum": ["x", "y", "z"]}""", """{"type": "boolean"}"""];

    private static readonly Gen<string?> Numbers = Gen.OneOf(
        Gen.Constant((string?)null), Gen.Choose(0, 4).Select(n => (string?)$"{n}"),
        Gen.Elements("<", "<=", ">", ">=", "!=").SelectMany(op => Gen.Choose(0, 4).Select(n => (string?)$$"""{"{{op}}": {{n}}}""")),
        Gen.Two(Gen.Choose(0, 4)).Select(b => (string?)$$"""{">=": {{Math.Min(b.Item1, b.Item2)}}, "<=": {{Math.Max(b.Item1, b.Item2)}}}"""),
        Gen.Choose(0, 4).Select(n => (string?)$$"""{"not": {">": {{n}} } }"""),
        Gen.Elements("""{"==": null}""", """{"!=": null}""", """{"in": [0, 3, null]}""", """{"<": 2.5}""").Select(c => (string?)c));

    private static readonly Gen<string?> Texts = Gen.OneOf(
        Gen.Constant((string?)null), Gen.Elements("x", "y", "z").Select(t => (string?)$"\"{t}\""),
        Gen.Elements("""{"in": ["x", "z"]}""", """{"not": "y"}""", """{">": "x"}""", """{"<=": "y"}""").Select(c => (string?)c));

    private static readonly Gen<string?> Booleans = Gen.Elements(null, null, "true", "false", """{"not": true}""");

    public static Gen<MadeRow[]> Rows { get; } =
        Numbers.SelectMany(n => Texts.SelectMany(t => Booleans.SelectMany(b => Gen.Choose(1, 3).Select(o => new MadeRow([n, t, b], o))))).ListOf().Select(rows => rows.Take(6).ToArray())
            .Where(rows => rows.Length > 0);

    /// <summary>Every combination of values.</summary>
    public static IEnumerable<string[]> Points() => from a in Domains[0] from b in Domains[1] from c in Domains[2] select new[] { a, b, c };

    public static string Decision(MadeRow[] rows, string policy, string more = "") => $$$"""
        {
          "kind": "table", "hitPolicy": "{{{policy}}}",
          "inputs": [{{{string.Join(',', Schemas.Select((schema, i) => $$"""{"key": "i{{i}}", "value": {"var": "entity.i{{i}}"}, "schema": {{schema}} }"""))}}}],
          "outputs": [{"key": "out", "schema": {"type": ["integer", "null"]}}],
          "rows": [{{{string.Join(',', rows.Select(Row))}}}]{{{more}}}
        }
        """;

    public static Value Facts(string[] point) => DecisionBundle.Facts("{" + string.Join(',', point.Select((value, i) => $"\"i{i}\": {value}")) + "}");

    /// <summary>Looks at one cell the plain way.</summary>
    public static bool Holds(string? cell, string value) => cell is null || Rule.Compile(Value.Parse(Logic(Value.Parse(cell), Literal(value)))).Holds(Value.Null);

    public static bool Hits(MadeRow row, string[] point) => Enumerable.Range(0, Inputs).All(i => Holds(row.Cells[i], point[i]));

    /// <summary>Writes what a row asks as JsonLogic over the entity.</summary>
    public static string Logic(MadeRow row)
    {
        var cells = row.Cells.Select((cell, i) => cell is null ? "true" : Logic(Value.Parse(cell), $$"""{"var": "entity.i{{i}}"}"""));
        return $$"""{"and": [{{string.Join(',', cells)}}]}""";
    }

    // JsonLogic takes null for 0 and mixes texts with numbers: what is absent, or of another kind than the bound, is asked for first.
    private static string Logic(Value cell, string input)
    {
        if (cell.AsObject is not { } conditions) return $$"""{"===": [{{input}}, {{cell}}]}""";
        var all = conditions.Select(condition => condition.Key switch
        {
            "in" => $$"""{"or": [{{string.Join(',', condition.Value.AsList.ToArray().Select(v => $$"""{"===": [{{input}}, {{v}}]}"""))}}]}""",
            "not" => $$"""{"!": [{{Logic(condition.Value, input)}}]}""",
            "==" => $$"""{"===": [{{input}}, {{condition.Value}}]}""",
            "!=" => $$"""{"!==": [{{input}}, {{condition.Value}}]}""",
            var relation => $$"""{"and": [{"!==": [{{input}}, null]}, {"{{relation}}": [{{input}}, {{condition.Value}}]}]}""",
        });
        return $$"""{"and": [{{string.Join(',', all)}}]}""";
    }

    private static string Literal(string value) => $$"""{"preserve": {{value}} }""";

    private static string Row(MadeRow row, int number)
    {
        var cells = row.Cells.Select((cell, i) => cell is null ? null : $"\"i{i}\": {cell}").OfType<string>();
        return $$"""{"key": "r{{number}}", "when": { {{string.Join(',', cells)}} }, "then": {"out": {{row.Out}} } }""";
    }
}
