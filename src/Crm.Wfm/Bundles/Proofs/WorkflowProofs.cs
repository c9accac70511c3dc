using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>What the proofs of one workflow share.</summary>
internal sealed class WorkflowProofs
{
    public WorkflowProofs(BundleDraft draft, Prover prover, Workflow workflow)
    {
        (Draft, Prover, Workflow) = (draft, prover, workflow);
        Types = [.. prover.Bundle.ProjectTypes.Values.Where(t => t.Workflow == workflow.Key).Cast<ProjectType?>().DefaultIfEmpty(null)];
        Steps = workflow.Steps.ToDictionary(s => s.Key, StringComparer.Ordinal);
        Ways = new(workflow);
        Demands = new(draft.Workflows[workflow.Key], workflow);
        Walk = new(prover, Demands, Ways, Types[0]);
    }

    public BundleDraft Draft { get; }

    public Prover Prover { get; }

    public Workflow Workflow { get; }

    /// <summary>Gets the steps by key.</summary>
    public IReadOnlyDictionary<string, Step> Steps { get; }

    /// <summary>Gets the project types that use it, or none at all, once; tests are about the first.</summary>
    public IReadOnlyList<ProjectType?> Types { get; }

    public Ways Ways { get; }

    public Demands Demands { get; }

    public Walk Walk { get; }

    /// <summary>Tells what cannot work; not where there was too little left to have seen it.</summary>
    public void Refuse(Member place, string key, string message, Value example)
    {
        if (!Prover.Budget.IsSpent) Draft.Refuse(place, key, message, example);
    }

    /// <summary>Tells what is suspicious.</summary>
    public void Warn(Member place, string key, string message, Value example)
    {
        if (!Prover.Budget.IsSpent) Draft.Warn(place, key, message, example);
    }

    public void Check()
    {
        new Reach(this).Check();
        new Guarding(this).Check();
        new Alternatives(this).Check();
        new FourEyes(this).Check();
    }
}
