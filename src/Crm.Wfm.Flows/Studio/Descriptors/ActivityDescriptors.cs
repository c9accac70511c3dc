using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Describes activities, and flows used as activities, as Studio knows them.</summary>
internal static class ActivityDescriptors
{
    /// <summary>The type that stands for what this host does not have: an unknown one would leave the whole designer blank.</summary>
    public const string NotFound = "Elsa.NotFoundActivity";

    // Members other activities lie in as a list: the designer's own surface, not a port.
    private static readonly string[] Lists = ["activities", "branches", "cases", "root"];

    public static ElsaDescriptor NotFoundActivity { get; } = new()
    {
        TypeName = NotFound, Category = "System", DisplayName = "Not found", IsBrowsable = false, Ports = [new("Done")],
        Description = "Stands for an activity this host does not have. The activity itself is kept as it is.",
    };

    public static ElsaDescriptor Of(ActivityDescriptor activity)
    {
        var sample = activity.Class.GetConstructor(Type.EmptyTypes) is null ? null : Activator.CreateInstance(activity.Class);
        var isContainer = activity.Class.IsSubclassOf(typeof(Container));
        return new()
        {
            TypeName = activity.Type,
            Category = activity.Category,
            DisplayName = activity.Title,
            Description = activity.Description,
            Kind = activity.IsTrigger ? "Trigger" : "Action",
            IsBrowsable = activity.IsBrowsable,
            IsContainer = isContainer,
            IsStart = activity.Class == typeof(Start),
            IsTerminal = activity.IsTerminal,
            Ports = [.. activity.Ports.Except(Lists).Select(p => new ElsaPort(ElsaNames.Pascal(p), "Embedded")), .. WaysOut(activity)],
            Inputs = [.. activity.Inputs.Select((input, i) => InputDescriptors.Of(input, i, sample, FixedOutcomes(activity)))],
            Outputs = [.. activity.Outputs.Select((output, i) => new ElsaOutput(ElsaNames.Pascal(output.Name), InputDescriptors.TypeName(output.Property.PropertyType))
            {
                DisplayName = ElsaNames.Words(output.Name), Description = output.Description, Order = i,
            })],
        };
    }

    /// <summary>Describes a flow that others use as an activity.</summary>
    public static ElsaDescriptor Of(FlowDefinition flow, string typeName, string versionId, int version, bool isPublished) => new()
    {
        TypeName = typeName,
        Version = version,
        Category = flow.Source["options"]["activityCategory"].AsText is { Length: > 0 } category ? category : "Workflows",
        DisplayName = flow.Name ?? typeName,
        Description = flow.Description,
        IsBrowsable = isPublished,
        Ports = [.. (flow.Outcomes.Count > 0 ? flow.Outcomes : ["Done"]).Append(Running.Outcomes.Failed).Select(o => new ElsaPort(o))],
        Inputs = [.. flow.Inputs.Select((input, i) => OfFlow(flow, input, i))],
        Outputs = [.. flow.Outputs.Select((output, i) => new ElsaOutput(ElsaNames.Pascal(output), "Object") { DisplayName = output, Order = i })],
        CustomProperties = new Dictionary<string, object> { ["RootType"] = "WorkflowDefinitionActivity" },
        ConstructionProperties = new Dictionary<string, object>
        {
            ["WorkflowDefinitionId"] = flow.DefinitionId,
            ["WorkflowDefinitionVersionId"] = versionId,
            ["LatestAvailablePublishedVersion"] = version,
            ["LatestAvailablePublishedVersionId"] = versionId,
        },
    };

    // What only computes fails when it was drawn wrongly; what writes or speaks with the outside may fail on any day, and its flow may have an answer to that.
    private static IEnumerable<ElsaPort> WaysOut(ActivityDescriptor activity)
    {
        if (activity.IsTerminal || activity.Ports.Contains("activities") || activity.Ports.Contains("root")) yield break;
        var fromInput = activity.Inputs.Any(i => i.Name == activity.OutcomesFrom && i.Hint == "dynamic-outcomes");
        if (!fromInput) foreach (var outcome in activity.Outcomes) yield return new(outcome);
        if (!activity.IsPure && !activity.Class.IsSubclassOf(typeof(Container)) && !activity.Outcomes.Contains(Running.Outcomes.Failed)) yield return new(Running.Outcomes.Failed);
    }

    private static IReadOnlyList<string> FixedOutcomes(ActivityDescriptor activity) => activity.OutcomesFrom is null || activity.Outcomes is ["Done"] ? [] : activity.Outcomes;

    private static ElsaInput OfFlow(FlowDefinition flow, FlowInput input, int order)
    {
        var drawn = flow.Source["inputs"].AsList[order];
        return new(ElsaNames.Pascal(input.Name), input.IsArray ? $"{input.TypeName}[]" : input.TypeName)
        {
            DisplayName = drawn["displayName"].AsText is { Length: > 0 } shown ? shown : input.Name,
            Description = drawn["description"].AsText,
            Category = drawn["category"].AsText,
            Order = order,
            UiHint = drawn["uiHint"].AsText is { Length: > 0 } hint ? hint : input.IsArray ? "multitext" : "singleline",
            DefaultSyntax = input.IsArray ? "Object" : "Literal",
            DefaultValue = input.Default.IsNull ? null : input.Default,
        };
    }
}
