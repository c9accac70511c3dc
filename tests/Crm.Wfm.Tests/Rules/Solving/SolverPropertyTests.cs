using Crm.Wfm.Rules.Solving;
using Xunit.Abstractions;

namespace Crm.Wfm.Tests.Rules.Solving;

public class SolverPropertyTests(ITestOutputHelper output)
{
    private const int Count = 1000;

    /// <summary>Ten thousand rules and records: what is proposed always works, and whatever brute force finds is no smaller and never where there was said to be nothing.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void What_is_found_works_and_nothing_smaller_does(int thousand)
    {
        var (found, none, unknown, missed) = (0, 0, 0, 0);
        for (var seed = thousand * Count; seed < (thousand + 1) * Count; seed++)
        {
            var puzzle = Puzzle.Of(seed);
            switch (Solver.Solve([puzzle.Goal], puzzle.Facts, puzzle.Fields, new Fuel(Fuel.OfRefusal)))
            {
                case Solution.Found solution:
                    found++;
                    Check(puzzle, solution, seed);
                    break;
                case Solution.None:
                    none++;
                    new BruteForce(puzzle, seed).Find(4).ShouldBeNull($"{seed}: {puzzle}");
                    break;
                case Solution.Unknown why:
                    unknown++;
                    if (new BruteForce(puzzle, seed).Find(4) is not { } other) break;
                    missed++;
                    output.WriteLine($"missed {seed} ({why.Why}): {puzzle}\n by {other}");
                    break;
            }
        }

        output.WriteLine($"found {found}, none {none}, unknown {unknown}, missed {missed}");
        found.ShouldBeGreaterThan(Count / 4);
        none.ShouldBeGreaterThan(Count / 100);
        unknown.ShouldBeLessThan(Count / 12);
        missed.ShouldBeLessThan(Count / 200);
    }

    private static void Check(Puzzle puzzle, Solution.Found solution, int seed)
    {
        puzzle.Rule.Holds(solution.Facts).ShouldBe(puzzle.Goal.Holds, $"{seed}: {puzzle}");
        foreach (var change in solution.Changes)
        {
            (change.To is { } to && !(to.IsNull && change.Field.Empty.HasFlag(Emptiness.Null)) ? change.Field.Schema?.Validate(to).Count ?? 0 : 0).ShouldBe(0, $"{seed}: {puzzle}");
        }

        if (solution.IsSmallest) new BruteForce(puzzle, seed).Find(solution.Changes.Count - 1).ShouldBeNull($"{seed}: {solution.Facts}\n{puzzle}");
    }
}
