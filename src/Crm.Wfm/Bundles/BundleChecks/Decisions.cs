using Crm.Wfm.Decisions.Analysis;

namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>Every decision can be compiled, and each of its rows can decide something; what rows leave open or contradict is told with an example.</summary>
internal static class Decisions
{
    public static void Check(BundleDraft draft)
    {
        foreach (var place in draft.Root["decisions"].Members())
        {
            if (draft.Decisions[place.Name] is not { } decision) continue;
            new DecisionAnalysis(draft, place, decision).Check();
        }
    }
}
