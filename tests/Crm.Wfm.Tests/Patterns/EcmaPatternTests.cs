using System.Text.RegularExpressions;
using Crm.Wfm.Patterns;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Patterns;

public class EcmaPatternTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("b", "abc", true)]
    [InlineData("^b", "abc", false)]
    [InlineData("^ab|^b$", "b", true)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("a.c", "a\nc", false)]
    [InlineData("a.c", "a\u2028c", false)]
    [InlineData("^(ab)*$", "abab", true)]
    [InlineData("^(ab)*$", "aba", false)]
    [InlineData("^a{2}$", "aa", true)]
    [InlineData("^a{2}$", "aaa", false)]
    [InlineData("^a{2,}$", "aaaa", true)]
    [InlineData("^a{1,2}$", "aaa", false)]
    [InlineData("^a{0}$", "", true)]
    [InlineData("^.{0,900}$", "a", true)]
    [InlineData("^(a{2}){2}$", "aaaa", true)]
    [InlineData("^(a?){3}$", "aa", true)]
    [InlineData("^(a*)*$", "aaa", true)]
    [InlineData("^a+?b$", "aab", true)]
    [InlineData("^(?:a|b)(?<last>c)$", "bc", true)]
    [InlineData("^\\d$", "٣", false)]
    [InlineData("^[\\w]+$", "ä", false)]
    [InlineData("^\\W\\D\\S$", "ä-ß", true)]
    [InlineData("^\\s$", "\u00a0", true)]
    [InlineData("[$]", "$", true)]
    [InlineData("[\\d-]$", "-", true)]
    [InlineData("^[a-c]+$", "abc", true)]
    [InlineData("^[^a-c]+$", "dé", true)]
    [InlineData("^[^\\d]$", "5", false)]
    [InlineData("^[\\D5]+$", "a5", true)]
    [InlineData("[]", "a", false)]
    [InlineData("^[^]$", "\n", true)]
    [InlineData("\\bdeal\\b", "a deal.", true)]
    [InlineData("\\bdeal\\b", "ideals", false)]
    [InlineData("\\Bea\\B", "deal", true)]
    [InlineData("^\\x41\\u00e4\\t\\.\\/\\-$", "Aä\t./-", true)]
    [InlineData("^\\p{Lu}\\p{L}+$", "Ärger", true)]
    [InlineData("^\\P{L}$", "5", true)]
    [InlineData("^[\\p{N}_]+$", "5_", true)]
    public void A_pattern_means_what_it_means_in_a_browser(string pattern, string text, bool matches) => Compile(pattern).IsMatch(text).ShouldBe(matches);

    [Theory]
    [InlineData("(", "a '(' is not closed (at 1)")]
    [InlineData("a)", "a ')' closes nothing (at 1)")]
    [InlineData("[a", "a '[' is not closed (at 2)")]
    [InlineData("*a", "there is nothing '*' could repeat (at 1)")]
    [InlineData("a**", "there is nothing '*' could repeat (at 3)")]
    [InlineData("^*", "a place cannot be repeated (at 2)")]
    [InlineData("a{2", "a '{' begins no count such as {2}, {2,} or {2,5} (at 3)")]
    [InlineData("a{x}", "a '{' begins no count such as {2}, {2,} or {2,5} (at 2)")]
    [InlineData("a{3,2}", "a count ends before it begins (at 6)")]
    [InlineData("a{1001}", "a count is over 1000 (at 6)")]
    [InlineData("[b-a]", "a range ends before it begins (at 4)")]
    [InlineData("[\\d-z]", "a range goes from one character to another (at 5)")]
    [InlineData("(a)\\1", "back-references are not supported (at 5)")]
    [InlineData("(?=a)", "look-around and flags are not supported (at 2)")]
    [InlineData("(?<!a)", "look-around and flags are not supported (at 2)")]
    [InlineData("(?i)a", "look-around and flags are not supported (at 2)")]
    [InlineData("a\\", "a '\\' ends it (at 2)")]
    [InlineData("\\q", "there is no escape '\\q' (at 2)")]
    [InlineData("\\u00g0", "an escape needs 4 hexadecimal digits (at 2)")]
    [InlineData("\\p{Xx}", "a category is a name such as \\p{L} or \\p{Lu} (at 2)")]
    [InlineData("((a{100}){100}){100}", "with its repetitions written out it has more than 2000 parts")]
    [InlineData("(a{0,500}){3}", "with its repetitions written out it has more than 2000 parts")]
    public void What_is_no_pattern_is_told_why(string pattern, string problem)
    {
        EcmaPattern.Compile(pattern, out var told).ShouldBeNull();
        told.ShouldBe(problem);
    }

    [Theory]
    [InlineData("((((){1000}){1000}){1000}){1000}")]
    [InlineData("((()*)*)*")]
    public void Nothing_repeated_is_nothing(string pattern) => Compile(pattern).IsMatch("a").ShouldBeTrue();

    [Fact]
    public void Groups_have_a_depth_and_patterns_a_length()
    {
        EcmaPattern.Compile(new string('(', 1000), out var problem).ShouldBeNull();
        problem.ShouldStartWith("groups lie more than 100 deep");
        EcmaPattern.Compile(new string('a', 1001), out problem).ShouldBeNull();
        problem.ShouldBe("it is longer than 1000 characters");
    }

    /// <summary>Texts for which matching without backtracking is known to take seconds to minutes all the same.</summary>
    [Theory]
    [InlineData("((a?b?c?){100}a)*x")]
    [InlineData("(a|b|c)*a[abc]{500}x")]
    [InlineData("(.*a){100}x")]
    [InlineData("((a*b*)*){80}x")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    public void Matching_takes_at_most_the_patterns_size_for_each_character(string pattern)
    {
        var text = string.Concat(Enumerable.Range(0, 1000).Select(i => "abc"[i * i % 7 % 3]));
        Compile(pattern).IsMatch(text, int.MaxValue, out var steps).ShouldBe(false);
        steps.ShouldBeLessThan(2 * PatternProgram.MaxLength * (text.Length + 1));
        Compile(pattern).IsMatch(text, steps / 2, out var spent).ShouldBeNull();
        spent.ShouldBeLessThan(steps);
    }

    [Fact]
    public void Patterns_match_as_the_frameworks_do()
    {
        var literal = Gen.Elements("a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\d", "\\s", "\\b", "^", "$", "(?:)");
        Gen<string> Pattern(int size) => size == 0
            ? literal
            : Gen.OneOf(
                literal,
                Gen.Two(Pattern(size / 2)).Select(p => p.Item1 + p.Item2),
                Gen.Two(Pattern(size / 2)).Select(p => $"(?:{p.Item1}|{p.Item2})"),
                Pattern(size / 2).SelectMany(p => Gen.Elements("*", "+", "?", "{2}", "{1,}", "{0,2}", "*?").Select(q => $"(?:{p}){q}")));
        // Few characters and loops within loops: the framework tries every way there is.
        var texts = Gen.Choose(0, 12).SelectMany(length => Gen.Elements('a', 'b', 'c', '1', ' ').ArrayOf(length)).Select(c => new string(c));
        Prop.ForAll(Gen.Sized(size => Pattern(Math.Min(size, 7))).ToArbitrary(), texts.ToArbitrary(), (pattern, text) =>
            Compile(pattern).IsMatch(text) == Regex.IsMatch(text, pattern, RegexOptions.ECMAScript, TimeSpan.FromSeconds(10))).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static EcmaPattern Compile(string pattern) => EcmaPattern.Compile(pattern, out var problem) ?? throw new ArgumentException(problem);
}
