using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Testing;

namespace Crm.Wfm.Bundles.Scenarios;

/// <summary>Finds situations in which a near miss shows, or why there is none.</summary>
internal sealed class Director
{
    private readonly Dictionary<(Way, int?), SceneSearch> _searches = [];
    private readonly Stage _stage;

    public Director(Stage stage) => (_stage, Walker) = (stage, new(stage, Search));

    public Walker Walker { get; }

    public SceneSearch Search(Way way) => Search(way, 0);

    private SceneSearch Search(Way way, int? alternative) => _searches.TryGetValue((way, alternative), out var known) ? known : _searches[(way, alternative)] = new(_stage, way, alternative);

    /// <summary>Searches with each of those who may act, and last with whoever it may be: what is not found then is not there.</summary>
    private IEnumerable<SceneSearch> Searches(Way way) => !Search(way).ReadsActor ? [Search(way)]
        : Enumerable.Range(0, Math.Max(1, way.Transition.Allow.Count)).Select(i => (int?)i).Append(null).Select(alternative => Search(way, alternative));

    /// <summary>Proposes drafts in which a near miss may show, the most telling first.</summary>
    /// <param name="miss">The near miss.</param>
    /// <param name="verdict">Receives what was found out where none shows it.</param>
    public IEnumerable<Draft> Propose(NearMiss miss, Verdict verdict) => miss.Aim switch
    {
        Aim.Guarded aim => aim.Guard.Rule.Source == aim.Other.Source ? Unmet(aim) : Disagree(aim, verdict),
        Aim.Done aim => Made(aim, verdict),
        Aim.Acted aim => Tried(aim.Way, draft => [draft with { Actor = aim.Who }]),
        Aim.Entered aim => Tried(aim.Way, draft => Entered(draft, aim)),
        Aim.Filled aim => aim.Ways.Select(way => Usual(way) with { Others = (way.Transition.To, aim.Count) }),
        Aim.Twice aim => Again(aim, verdict),
        Aim.Beyond beyond => verdict.Tell<Draft>(beyond.Why),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Gives a situation in which the move is made, or one that is as good as there is.</summary>
    public Draft Usual(Way way)
    {
        var search = Search(way);
        return search.Draft(search.Base ?? search.Bare);
    }

    private IEnumerable<Draft> Disagree(Aim.Guarded aim, Verdict verdict)
    {
        var isProved = true;
        foreach (var search in aim.Ways.SelectMany(Searches))
        {
            foreach (var holds in new[] { true, false })
            {
                Goal[] goals = [new(aim.Guard.Rule, holds), new(aim.Other, !holds)];
                if (search.Meet(goals, aim.Guard.Rule) is { } clean) yield return search.Draft(clean.Facts);
                var alone = search.Solve(goals, search.Base ?? search.Bare);
                if (alone is Solution.Found found) yield return search.Draft(found.Facts);
                if (alone is Solution.Unknown unknown) verdict.Doubt(unknown.Why);
                isProved &= alone is Solution.None || search.IsPartial;
            }
        }

        if (isProved) verdict.IsEquivalent = true;
    }

    private IEnumerable<Draft> Unmet(Aim.Guarded aim)
    {
        foreach (var search in aim.Ways.SelectMany(Searches))
        {
            if (search.Meet([new(aim.Guard.Rule, false)], aim.Guard.Rule) is { } found) yield return search.Draft(found.Facts);
        }
    }

    private IEnumerable<Draft> Made(Aim.Done aim, Verdict verdict)
    {
        var isProved = true;
        foreach (var search in aim.Ways.SelectMany(Searches))
        {
            if (search.Base is null) verdict.Doubt("no facts were found with which the move is made");
            foreach (var goals in aim.Goals)
            {
                var solution = search.Open(search.Base ?? search.Bare, goals);
                if (solution is Solution.Found found) yield return search.Draft(found.Facts);
                if (solution is Solution.Unknown unknown) verdict.Doubt(unknown.Why);
                isProved &= solution is Solution.None || search.IsPartial;
            }
        }

        if (isProved) verdict.IsEquivalent = true;
    }

    private IEnumerable<Draft> Tried(Way way, Func<Draft, IEnumerable<Draft>> change) => change(Usual(way));

    private static IEnumerable<Draft> Entered(Draft draft, Aim.Entered aim) =>
        aim.Inputs(draft.Acts[0].Input.IsNull ? Value.From(FactObject.Empty) : draft.Acts[0].Input).Select(input => draft with { Acts = [draft.Acts[0] with { Input = input }] });

    private IEnumerable<Draft> Again(Aim.Twice aim, Verdict verdict)
    {
        foreach (var from in aim.Earlier.From)
        {
            foreach (var to in aim.Later.From)
            {
                if (Walker.Between(aim.Earlier.To, to) is not { } between) continue;
                Way[] ways = [new(aim.Earlier, from), .. between, new(aim.Later, to)];
                // In between others act, so that it is this transition alone for which somebody else is wanted.
                if ((Walker.Take(ways, at => Who(at, People.Third), out var why) ?? Walker.Take(ways, at => Who(at, null), out why)) is not { } walk)
                {
                    verdict.Doubt(why);
                    continue;
                }

                string? Who(int at, string? between) => at == 0 ? new TestActor().Name : at == ways.Length - 1 ? People.Second : between;

                var last = walk.Acts[^1];
                yield return walk with { Acts = [.. walk.Acts.SkipLast(1), last with { As = last.As! with { Name = walk.Acts[0].As!.Name } }, last with { Advance = TimeSpan.Zero }] };
            }
        }
    }
}

/// <summary>What was found out of a near miss no test shows.</summary>
internal sealed class Verdict
{
    /// <summary>Gets or sets whether it is proved that the two never differ, whatever the facts are that the schemas allow.</summary>
    public bool IsEquivalent { get; set; }

    /// <summary>Gets what stood in the way.</summary>
    public string Why { get; private set; } = "no situation was found in which an embedded test sees it";

    public void Doubt(string why) => Why = why;

    /// <summary>Gets whether a test could be made.</summary>
    public bool CouldBe { get; private set; }

    /// <summary>Notes that a test could be made.</summary>
    /// <returns>Whether it could: always.</returns>
    public bool Could()
    {
        Doubt("a test could notice it; --generate makes one");
        return CouldBe = true;
    }

    public IEnumerable<T> Tell<T>(string why)
    {
        Why = why;
        return [];
    }
}
