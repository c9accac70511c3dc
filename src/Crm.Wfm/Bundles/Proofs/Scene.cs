using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>Where rules are asked: a step of a workflow, for one kind of project, and a transition that may be taken from there.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Type">The project type; <c>null</c> where none uses the workflow.</param>
/// <param name="Step">The step the project is in.</param>
/// <param name="Transition">The transition whose input rules see; <c>null</c> for what a step says.</param>
internal sealed record Scene(Workflow Workflow, ProjectType? Type, Step Step, Transition? Transition)
{
    /// <summary>Gets the schema of the facts at <c>entity.*</c>; <c>null</c> where the bundle says nothing of them.</summary>
    public JsonSchema? Subject => Type is null ? null : Workflow.Subjects.GetValueOrDefault(Type.Subject);

    /// <summary>Gets the schema of the project's own fields.</summary>
    public JsonSchema? Fields => Type is null ? null : Workflow.Fields.GetValueOrDefault(Type.Key);
}

/// <summary>A rule that has to hold before a transition is taken, and where it stands.</summary>
/// <param name="Name">What to call it: the reason key when it does not hold.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Place">Where the bundle has it.</param>
/// <param name="IsWarning">Whether the move passes all the same.</param>
internal sealed record Demand(string Name, Rule Rule, Member Place, bool IsWarning);
