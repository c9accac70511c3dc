using Crm.Wfm.Flows.Definitions;

namespace Crm.Wfm.Flows.Compiling;

/// <summary>A flow ready to run; shared between runs.</summary>
internal sealed class Flow(FlowDefinition definition, FlowNode workflow, IReadOnlyList<FlowNode> nodes)
{
    public FlowDefinition Definition => definition;

    /// <summary>Gets or inits by what a run finds this very version again.</summary>
    public string Key { get; init; } = definition.Id ?? definition.DefinitionId;

    /// <summary>Gets the flow itself as a node: its only child is the root.</summary>
    public FlowNode Workflow => workflow;

    /// <summary>Gets all nodes; a node's index is its place here.</summary>
    public IReadOnlyList<FlowNode> Nodes => nodes;

    /// <summary>Gets whether nothing in it writes to the database or speaks with the outside, so that many runs of it can share a transaction.</summary>
    public bool IsPure { get; } = nodes.All(n => n.IsPure);

    /// <summary>Finds an activity by its id; the outermost one when several have it.</summary>
    public FlowNode? Find(string id) => nodes.FirstOrDefault(n => n.Definition.Id == id);
}
