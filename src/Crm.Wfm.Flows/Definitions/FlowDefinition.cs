using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>A flow as it was drawn: an Elsa 3 workflow definition whose root is a flowchart. What is not understood here survives in <see cref="Source"/>.</summary>
public sealed record FlowDefinition
{
    /// <summary>Gets the id all versions of the flow share.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>Gets the name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the variables.</summary>
    public required IReadOnlyList<FlowVariable> Variables { get; init; }

    /// <summary>Gets the inputs.</summary>
    public required IReadOnlyList<FlowInput> Inputs { get; init; }

    /// <summary>Gets the activities of the flowchart in the order of the document.</summary>
    public required IReadOnlyList<ActivityDefinition> Activities { get; init; }

    /// <summary>Gets the connections in the order of the document, which is the order in which a fork's branches run.</summary>
    public required IReadOnlyList<Connection> Connections { get; init; }

    /// <summary>Gets the whole document as it was read.</summary>
    public required Value Source { get; init; }
}

/// <summary>A variable of a flow.</summary>
/// <param name="Id">The id by which activities refer to it.</param>
/// <param name="Name">The name by which expressions do.</param>
/// <param name="TypeName">Elsa's name of its type, such as <c>String</c> or <c>Int32</c>.</param>
/// <param name="Default">What it holds at the start, converted to its type.</param>
public sealed record FlowVariable(string Id, string Name, string TypeName, Value Default);

/// <summary>An input of a flow.</summary>
/// <param name="Name">The name.</param>
/// <param name="TypeName">Elsa's name of its type.</param>
/// <param name="Default">Its value where none is given.</param>
public sealed record FlowInput(string Name, string TypeName, Value Default);

/// <summary>An activity of a flow, as it was drawn.</summary>
/// <param name="Id">The id, unique in the flow.</param>
/// <param name="Type">The type, such as <c>Elsa.FlowDecision</c>.</param>
/// <param name="Name">The name by which expressions find its outputs; the id where it has none.</param>
/// <param name="Pointer">JSON Pointer of its place in the definition.</param>
/// <param name="Source">The activity as JSON.</param>
public sealed record ActivityDefinition(string Id, string Type, string Name, string Pointer, Value Source)
{
    /// <summary>Gets whether it may start the flow.</summary>
    public bool CanStart => (Source["customProperties"]["canStartWorkflow"] is { IsNull: false } said ? said : Source["canStartWorkflow"]).AsBoolean;

    internal Place Place => new(Source, Pointer);
}

/// <summary>A connection between two activities.</summary>
/// <param name="Source">Id of the activity it leaves.</param>
/// <param name="Port">The outcome of that activity by which it is followed.</param>
/// <param name="Target">Id of the activity it leads to.</param>
public sealed record Connection(string Source, string Port, string Target);
