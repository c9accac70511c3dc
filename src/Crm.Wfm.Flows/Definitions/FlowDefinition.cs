using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>A flow as it was drawn: an Elsa 3 workflow definition. What is not understood here survives in <see cref="Source"/>.</summary>
public sealed record FlowDefinition
{
    /// <summary>Gets the id all versions of the flow share.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>Gets the id of this version; <c>null</c> where the document has none.</summary>
    public string? Id { get; init; }

    /// <summary>Gets the version's number.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Gets the name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Gets what it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Gets the variables of the whole flow.</summary>
    public required IReadOnlyList<FlowVariable> Variables { get; init; }

    /// <summary>Gets the inputs.</summary>
    public required IReadOnlyList<FlowInput> Inputs { get; init; }

    /// <summary>Gets the names of the outputs.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Gets the outcomes by which it is left when it is used as an activity; none for <c>Done</c>.</summary>
    public required IReadOnlyList<string> Outcomes { get; init; }

    /// <summary>Gets whether other flows can use it as an activity; its type is then its name in Pascal case.</summary>
    public bool UsableAsActivity => Source["options"]["usableAsActivity"].AsBoolean || Source["usableAsActivity"].AsBoolean;

    /// <summary>Gets when a new run may begin beside others: <c>always</c>, <c>singleton</c>, <c>correlation</c> (one for each correlation id) or <c>correlated-singleton</c>.</summary>
    public ActivationStrategy Activation => ActivationStrategies.Of(Source["options"]["activationStrategyType"].AsText);

    /// <summary>Gets what it does first; everything else lies within it.</summary>
    public required ActivityDefinition Root { get; init; }

    /// <summary>Gets the whole document as it was read.</summary>
    public required Value Source { get; init; }
}

/// <summary>When a new run may begin beside others of its flow.</summary>
public enum ActivationStrategy
{
    /// <summary>At any time.</summary>
    Always,

    /// <summary>When no other run of the flow goes on.</summary>
    Singleton,

    /// <summary>When no other run of any flow goes on with its correlation id.</summary>
    Correlation,

    /// <summary>When no other run of the flow goes on with its correlation id.</summary>
    CorrelatedSingleton,
}

internal static class ActivationStrategies
{
    // Elsa writes .NET type names, such as "Elsa.Workflows.ActivationValidators.SingletonStrategy, Elsa.Workflows.Core".
    public static ActivationStrategy Of(string? typeName) => typeName?.Split(',')[0].Split('.')[^1] switch
    {
        "SingletonStrategy" or "Singleton" => ActivationStrategy.Singleton,
        "CorrelationStrategy" or "Correlation" => ActivationStrategy.Correlation,
        "CorrelatedSingletonStrategy" or "CorrelatedSingleton" => ActivationStrategy.CorrelatedSingleton,
        _ => ActivationStrategy.Always,
    };
}

/// <summary>A variable of a flow, or of a container in it.</summary>
/// <param name="Id">The id by which activities refer to it.</param>
/// <param name="Name">The name by which expressions do.</param>
/// <param name="TypeName">Elsa's name of its type, such as <c>String</c> or <c>Int32</c>.</param>
/// <param name="Default">What it holds at the start, converted to its type.</param>
/// <param name="IsArray">Whether it holds a list.</param>
public sealed record FlowVariable(string Id, string Name, string TypeName, Value Default, bool IsArray = false);

/// <summary>An input of a flow.</summary>
/// <param name="Name">The name.</param>
/// <param name="TypeName">Elsa's name of its type.</param>
/// <param name="Default">Its value where none is given.</param>
/// <param name="IsArray">Whether it is a list.</param>
public sealed record FlowInput(string Name, string TypeName, Value Default, bool IsArray = false);

/// <summary>An activity of a flow, as it was drawn, with those that lie within it.</summary>
/// <param name="Id">The id, unique in its container; expressions and connections use it.</param>
/// <param name="NodeId">The ids from the root to it, joined by colons: unique in the flow.</param>
/// <param name="Type">The type, such as <c>Elsa.FlowDecision</c>.</param>
/// <param name="Name">The name by which expressions find its outputs; the id where it has none.</param>
/// <param name="Pointer">JSON Pointer of its place in the definition.</param>
/// <param name="Source">The activity as JSON.</param>
public sealed record ActivityDefinition(string Id, string NodeId, string Type, string Name, string Pointer, Value Source)
{
    /// <summary>Gets the activities that lie within it, in the order of the document.</summary>
    public IReadOnlyList<ChildActivity> Children { get; init; } = [];

    /// <summary>Gets the variables it declares for what lies within it.</summary>
    public IReadOnlyList<FlowVariable> Variables { get; init; } = [];

    /// <summary>Gets the connections between its children in the order of the document, which is the order in which a fork's branches run.</summary>
    public IReadOnlyList<Connection> Connections { get; init; } = [];

    /// <summary>Gets whether it may start the flow.</summary>
    public bool CanStart => (Source["customProperties"]["canStartWorkflow"] is { IsNull: false } said ? said : Source["canStartWorkflow"]).AsBoolean;

    /// <summary>Gets itself and everything within it, what is outside first.</summary>
    public IEnumerable<ActivityDefinition> All() => Children.SelectMany(c => c.Activity.All()).Prepend(this);

    internal Place Place => new(Source, Pointer);
}

/// <summary>An activity within another.</summary>
/// <param name="Port">The member it lies in: <c>activities</c>, <c>body</c>, <c>then</c>, <c>cases/0</c>.</param>
/// <param name="Activity">The activity.</param>
public sealed record ChildActivity(string Port, ActivityDefinition Activity);

/// <summary>A connection between two activities.</summary>
/// <param name="Source">Id of the activity it leaves.</param>
/// <param name="Port">The outcome of that activity by which it is followed.</param>
/// <param name="Target">Id of the activity it leads to.</param>
/// <param name="Pointer">JSON Pointer of its place in the definition.</param>
public sealed record Connection(string Source, string Port, string Target, string Pointer = "")
{
    /// <summary>Two connections are one when they leave by the same port for the same activity.</summary>
    public bool Equals(Connection? other) => other is not null && (Source, Port, Target) == (other.Source, other.Port, other.Target);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, Port, Target);
}
