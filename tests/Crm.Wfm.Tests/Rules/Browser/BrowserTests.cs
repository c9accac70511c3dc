using Crm.Wfm.Rules;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Rules.Browser;

/// <summary>The server and the browser come to the same: a form that promises what the gate then refuses would be worse than none.</summary>
public class BrowserTests
{
    private const int MaxShown = 10;

    // Latin letters that came last: a browser may know more or fewer of them.
    private const char FirstOfNewest = '\ua7cb', LastOfNewest = '\ua7dc';

    [Fact]
    public Task Generated_rules_have_the_same_outcome() =>
        SameAsync(Generated.Rules.SelectMany(rule => Generated.Data.Select(data => (rule, data))).Sample(size: 60, numberOfSamples: 25_000));

    [Fact]
    public Task Arbitrary_JSON_taken_for_a_rule_has_the_same_outcome() =>
        SameAsync(Generated.Values.SelectMany(rule => Generated.Data.Select(data => (rule, data))).Sample(size: 30, numberOfSamples: 5_000));

    [Fact]
    public Task Every_letter_has_the_same_other_case() => SameAsync(
        from first in Enumerable.Range(0, 256)
        from name in new[] { "lower", "upper" }
        let letters = string.Concat(Enumerable.Range(first * 256, 256).Select(c => (char)c).Where(c => !char.IsSurrogate(c) && c is < FirstOfNewest or > LastOfNewest))
        select (Call(name, Value.From(letters)), Value.Null));

    [Theory]
    [InlineData("""["^a+b?$","(a|b)*c","[^a-c]","\\d{2,3}","\\bab\\b","\\p{Lu}","\\P{L}x","(?:ab){2}","a{0}b","[\\w-]+@[\\w-]+","\\u0041|\\x42","^$","","[]","(?<n>a)b","(?=a)","a**","(","\\1","[b-a]","x{1001}","\\q","a|","$^"]""",
        """["","a","ab","aab","abab","b","c","x","12","123","ab ab","A","B","Äx","a@b-c","aabx"," x","\n"]""")]
    public Task Patterns_match_the_same_texts(string patterns, string texts) => SameAsync(
        from pattern in Value.Parse(patterns).AsList.ToArray()
        from text in Value.Parse(texts).AsList.ToArray()
        select (Call("matches", text, pattern), Value.Null));

    [Theory]
    [InlineData("""["2026-03-01","2026-02-29","2024-02-29","0001-01-01","9999-12-31","0000-01-01","2026-03-01T09:30Z","2026-03-01T09:30:15Z","2026-03-01T09:30:15.1234567+01:00","2026-03-01T23:59:59.999-14:00","0001-01-01T00:00:00+01:00","9999-12-31T23:59:59.9999999Z","2026-03-01T24:00:00Z","2026-03-01T09:30:15","2026-03-01T09:30:60Z","2026-3-1","2026-03-01t09:30:00z","2026-03-01T09:30:00.Z","2026-03-01T09:30:00.12345678Z","2026-03-01T09:30:00+14:01"," 2026-03-01","2026-03-01T09:30:00+1:00","1969-12-31T23:59:59.9999Z",null,5,""]""",
        """["P1D","-P1D","PT0.0000001S","-PT0.0009999S","P2W","PT36H","P1DT2H3M4.5S","P","PT","P1Y","P1M","P999999D","-P999999D","P1.5D","","--P1D","P1W2D",null]""")]
    public Task Times_and_durations_are_read_and_added_alike(string times, string durations) => SameAsync(
        (from time in Value.Parse(times).AsList.ToArray()
         from duration in Value.Parse(durations).AsList.ToArray()
         select (Call("addDuration", time, duration), Value.Null))
        .Concat(from time in Value.Parse(times).AsList.ToArray()
                from other in Value.Parse(times).AsList.ToArray()
                select (Call("merge", Call("daysBetween", time, other), Call("date", other)), Value.Null)));

    [Fact]
    public Task Texts_become_numbers_and_numbers_texts_alike() => SameAsync(
        new[] { "", " ", "\t1\n", "\u00a01", "\ufeff1", "\u00851", "\u20281", "\u180e1", "1e400", "-1e400", "0x1F", "0X1f", "-0x1", "0b101", "0o17", "0b2", "0x", "Infinity", "-Infinity", "+1", "--1", "1.", ".5", ".", "1e", "1e+", "1e-7", "1_0", "١", "0x1fffffffffffff", "123456789012345678901234567890" }
            .SelectMany(text => new[] { Call("+", Value.From(text)), Call("<", Value.From(text), Value.From(1)), Call("-", Value.From(text)) })
            .Concat(Gen.Choose(int.MinValue, int.MaxValue).Two().Sample(size: 1, numberOfSamples: 5_000).Select(bits => BitConverter.Int64BitsToDouble(((long)bits.Item1 << 32) | (uint)bits.Item2))
                .Where(double.IsFinite).Select(number => Call("cat", Value.From(number), Value.From("/"), Call("*", Value.From(number), Value.From(0.1)))))
            .Select(rule => (rule, Value.Null)));

    [Fact]
    public async Task Browser_knows_which_rules_ask_a_decision_and_are_for_the_server_alone()
    {
        string[] rules = ["{\"decide\":\"score\"}", "{\"and\":[true,{\"<\":[{\"decide\":[\"score\",\"grade\"]},3]}]}", "{\"preserve\":{\"decide\":1}}", "{\"var\":\"decide\"}"];

        var answers = await Browser.EvaluateAsync(rules.Select(rule => (Value.Parse(rule), Value.Null)), "needsServer");

        answers.Select(a => a["result"].AsBoolean).ShouldBe([true, true, false, false]);
    }

    private static async Task SameAsync(IEnumerable<(Value Rule, Value Data)> generated)
    {
        var cases = generated.ToList();
        var answers = await Browser.EvaluateAsync(cases);
        answers.Count.ShouldBe(cases.Count);
        var differences = cases.Zip(answers)
            .Select(c => (c.First.Rule, c.First.Data, Browser: c.Second, Server: Answer(Rule.CompileLeniently(c.First.Rule).Evaluate(c.First.Data))))
            .Where(c => c.Browser != c.Server && c.Server["error"]["type"].AsText != RuleErrors.TooComplex)
            .ToList();
        differences.Take(MaxShown).Select(d => $"{d.Rule} on {d.Data}: {d.Browser} in the browser, {d.Server} on the server").ShouldBeEmpty($"{differences.Count} of {cases.Count}");
    }

    private static Value Answer(Outcome outcome) => Value.Parse(Value.From(new FactObjectBuilder { [outcome.IsError ? "error" : "result"] = outcome.IsError ? outcome.Error : outcome.Value }.Build()).ToString());

    private static Value Call(string name, params Value[] arguments) => Value.From(new FactObjectBuilder { [name] = Value.From(arguments) }.Build());
}
