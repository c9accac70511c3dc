using Crm.Wfm.Bundles;

namespace Crm.Wfm.Tests.Bundles;

/// <summary>What embedded tests can expect of guards that only warn, and of what is proposed.</summary>
public sealed class ScenarioRunnerTests
{
    private const string Guard = "/workflows/flow/transitions/finish/conditions/small/severity";
    private const string Warnings = "/tests/finishes/steps/0/expect/warnings";

    [Theory]
    [InlineData(5, "[]", null)]
    [InlineData(9, """["small"]""", null)]
    [InlineData(9, null, null)]
    [InlineData(9, "[]", "Expected to be warned of nothing, was warned of small.")]
    [InlineData(5, """["small"]""", "Expected to be warned of small, was warned of nothing.")]
    public void Warnings_that_are_expected_are_compared_exactly(int amount, string? expected, string? message)
    {
        var bundle = Samples.Reading(Samples.Small().With(Guard, "\"warning\"").With("/tests/finishes/given/entity/amount", $"{amount}").With(Warnings, expected)).Bundle.ShouldNotBeNull();

        var failures = ScenarioRunner.RunAll(bundle).ShouldHaveSingleItem().Failures;

        failures.Select(f => f.Message).ShouldBe(message is null ? [] : [message]);
        failures.ShouldAllBe(f => f.Pointer == "/steps/0/expect/warnings");
    }

    [Theory]
    [InlineData("""["/entity/amount","/input/why"]""", null)]
    [InlineData("""["/input/why"]""", "Expected to be fixed by /input/why, was by /entity/amount, /input/why.")]
    [InlineData("[]", "Expected to be fixed by nothing, was by /entity/amount, /input/why.")]
    public void The_fix_that_is_expected_is_compared_exactly(string expected, string? message)
    {
        var bundle = Samples.Reading(Samples.Small().With("/tests/finishes/given/entity/amount", "12").With("/tests/finishes/steps/0/input", "{}")
            .With("/tests/finishes/steps/0/expect", $$"""{"blockedBy":["small","why-given"],"fix":{{expected}} }""")).Bundle.ShouldNotBeNull();

        ScenarioRunner.RunAll(bundle).ShouldHaveSingleItem().Failures.Select(f => f.Message).ShouldBe(message is null ? [] : [message]);
    }
}
