using Crm.Wfm.Decisions;
using Crm.Wfm.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Decisions;

/// <summary>Generated tables against the plain way to do the same.</summary>
public sealed class DecisionPropertyTests
{
    [Fact]
    public void A_table_decides_as_the_rule_that_says_the_same() => ForAllTables(300, rows =>
    {
        var chain = $$"""{"if": [{{string.Join(',', rows.Select(row => $"{GeneratedTables.Logic(row)}, {row.Out}"))}}, null]}""";
        var (rule, table) = (Rule.Compile(Value.Parse(chain)), Compile(rows, "first"));
        return table is null || GeneratedTables.Points().All(point => table.Evaluate(GeneratedTables.Facts(point)).Outputs["out"] == rule.Evaluate(GeneratedTables.Facts(point)).Value);
    });

    [Fact]
    public void What_is_collected_is_what_every_row_that_hits_gives() => ForAllTables(200, rows =>
    {
        var table = Compile(rows, "collect");
        return table is null || GeneratedTables.Points().All(point => table.Evaluate(GeneratedTables.Facts(point)).Outputs["out"]
            == Value.From([.. rows.Where(row => GeneratedTables.Hits(row, point)).Select(row => Value.From(row.Out))]));
    });

    [Fact]
    public void A_trace_tells_the_rows_that_hit() => ForAllTables(200, rows =>
    {
        var table = Compile(rows, "collect");
        return table is null || GeneratedTables.Points().All(point =>
        {
            var trace = table.Explain(GeneratedTables.Facts(point));
            return trace.Hits.SequenceEqual(rows.Index().Where(row => GeneratedTables.Hits(row.Item, point)).Select(row => $"r{row.Index}"))
                && trace.Tables[0].Rows.All(row => row.Hits || Fails(rows[int.Parse(row.Row[1..], null)], row.FailedInput!, point));
        });
    });

    [Fact]
    public void Rows_overlap_where_some_values_hit_both() => ForAllTables(300, rows =>
    {
        var faults = Faults(rows, "unique");
        var living = Living(rows);
        var expected = from one in living from two in living where one < two && GeneratedTables.Points().Any(p => Hits(rows, one, p) && Hits(rows, two, p)) select (one, two);
        return expected.ToHashSet().SetEquals(faults.Where(f => f.Key == "overlap").Select(Pair))
            && faults.Where(f => f.Key == "overlap").All(f => Pair(f) is var (one, two) && Example(f) is var point && Hits(rows, one, point) && Hits(rows, two, point));
    });

    [Fact]
    public void A_row_is_unreachable_where_rows_before_it_hit_whatever_it_hits() => ForAllTables(300, rows =>
    {
        var found = Faults(rows, "first").Where(f => f.Key == "unreachable-row").Select(Number).ToHashSet();
        return Living(rows).Where(row => GeneratedTables.Points().Where(p => Hits(rows, row, p)).All(p => Enumerable.Range(0, row).Any(before => Hits(rows, before, p)))).ToHashSet().SetEquals(found);
    });

    [Fact]
    public void A_row_never_hits_where_no_values_hit_it() => ForAllTables(300, rows =>
        Faults(rows, "collect").Where(f => f.Key == "never-hits").Select(Number).ToHashSet().SetEquals(Enumerable.Range(0, rows.Length).Except(Living(rows))));

    [Fact]
    public void A_gap_is_told_where_some_values_hit_no_row() => ForAllTables(300, rows =>
    {
        var gaps = DecisionBundle.Reading(GeneratedTables.Decision(rows, "first")).Warnings.Where(w => w.Key == "gap").ToList();
        var isOpen = GeneratedTables.Points().Any(point => !rows.Any(row => GeneratedTables.Hits(row, point)));
        return isOpen ? gaps is [var gap] && Example(gap) is var point && !rows.Any(row => GeneratedTables.Hits(row, point)) : gaps.Count == 0;
    });

    private static bool Fails(MadeRow row, string input, string[] point) => int.Parse(input[1..], null) is var i && !GeneratedTables.Holds(row.Cells[i], point[i]);

    private static bool Hits(MadeRow[] rows, int row, string[] point) => GeneratedTables.Hits(rows[row], point);

    private static int[] Living(MadeRow[] rows) => [.. Enumerable.Range(0, rows.Length).Where(row => GeneratedTables.Points().Any(p => Hits(rows, row, p)))];

    private static int Number(Fault fault) => int.Parse(fault.Pointer.Split('/')[4], null);

    private static (int, int) Pair(Fault fault) => (int.Parse(fault.Message.Split('\'')[1][1..], null), Number(fault));

    /// <summary>Reads the example at the end of a message; what it does not name may be anything.</summary>
    private static string[] Example(Fault fault)
    {
        var named = fault.Message[(fault.Message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..].Split(", ").Select(part => part.Split(" = ")).Where(part => part.Length == 2).ToDictionary(p => p[0], p => p[1]);
        return [.. Enumerable.Range(0, GeneratedTables.Inputs).Select(i => named.GetValueOrDefault($"i{i}", GeneratedTables.Domains[i][0]))];
    }

    private static IReadOnlyList<Fault> Faults(MadeRow[] rows, string policy) => DecisionBundle.Reading(GeneratedTables.Decision(rows, policy)).Faults;

    /// <summary>Compiles a table whose rows may well be unreachable; <c>null</c> where it has such.</summary>
    private static Decision? Compile(MadeRow[] rows, string policy) => DecisionBundle.Reading(GeneratedTables.Decision(rows, policy)).Bundle?.Decisions["it"];

    private static void ForAllTables(int count, Func<MadeRow[], bool> holds) => Prop.ForAll(GeneratedTables.Rows.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(count));
}
