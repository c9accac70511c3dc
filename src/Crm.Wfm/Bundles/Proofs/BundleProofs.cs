namespace Crm.Wfm.Bundles.Proofs;

/// <summary>
/// Proves of a bundle that is free of other faults what cannot work in it, and shows each by an example that was played in the engine. What is neither proved nor shown
/// is not told.
/// </summary>
internal static class BundleProofs
{
    /// <summary>Looks for all that can be proved.</summary>
    /// <param name="draft">Receives the findings.</param>
    /// <param name="bundle">The bundle.</param>
    /// <param name="events">Types of the events the host emits; <c>null</c> where that is not known.</param>
    /// <param name="budget">What it may take.</param>
    public static void Check(BundleDraft draft, Bundle bundle, IReadOnlyCollection<string>? events, Budget budget)
    {
        var prover = new Prover(bundle, budget);
        foreach (var workflow in bundle.Workflows.Values) new WorkflowProofs(draft, prover, workflow).Check();
        new EventProofs(draft, prover, events).Check();
        if (budget.IsSpent) draft.Warn(draft.Root["workflows"], "not-analysed", "there are too many rules to prove all that might be wrong with them: what is told is right, but more may be wrong");
    }
}
