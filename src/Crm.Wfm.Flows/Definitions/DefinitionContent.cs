using System.Security.Cryptography;
using System.Text;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>What a document says of its flow, versioning left aside, and what lists and checks ask of it.</summary>
internal sealed record DefinitionContent
{
    /// <summary>The address Elsa's tools know such documents by.</summary>
    public const string Schema = "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json";

    // The store's to say, not the document's.
    private static readonly HashSet<string> Versioning = ["id", "definitionId", "version", "isLatest", "isPublished", "isReadonly", "createdAt", "links", "$schema"];

    private DefinitionContent()
    {
    }

    /// <summary>Gets the document without what versioning says.</summary>
    public required Value Document { get; init; }

    public required string Text { get; init; }

    public required string Hash { get; init; }

    public required string? Name { get; init; }

    public required string? Description { get; init; }

    public required string? ToolVersion { get; init; }

    public required string? TypeName { get; init; }

    public required bool IsSystem { get; init; }

    public required ActivationStrategy Activation { get; init; }

    /// <summary>Gets the types, definition ids and version ids of the flows it uses as activities.</summary>
    public required IReadOnlyList<string> Uses { get; init; }

    /// <summary>Gets whether publishing it updates the flows that use it.</summary>
    public bool UpdatesConsumers => Document["options"]["autoUpdateConsumingWorkflows"].AsBoolean;

    /// <summary>Takes the content out of a document.</summary>
    /// <param name="document">The document, whatever it holds besides an object as its root.</param>
    /// <param name="activities">What is an activity of its own, and not a flow.</param>
    public static DefinitionContent Of(Value document, ActivityCatalog activities)
    {
        var content = Value.From(Without(document.AsObject ?? FactObject.Empty, Versioning.Contains));
        var text = CanonicalJson.Text(content);
        var name = content["name"].AsText is { Length: > 0 } named ? named : null;
        var isUsable = content["options"]["usableAsActivity"].AsBoolean || content["usableAsActivity"].AsBoolean;
        return new()
        {
            Document = content,
            Text = text,
            Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            Name = name,
            Description = content["description"].AsText,
            ToolVersion = content["toolVersion"].AsText,
            TypeName = isUsable && name is not null ? FlowTypes.NameOf(name) : null,
            IsSystem = content["isSystem"].AsBoolean,
            Activation = ActivationStrategies.Of(content["options"]["activationStrategyType"].AsText),
            Uses = [.. Used(content["root"], activities).Distinct()],
        };
    }

    /// <summary>Gives a version's document: the content with what the store says of the version.</summary>
    public static Value Stamp(DefinitionSummary version, Value content) => Value.From(new FactObjectBuilder(content.AsObject ?? FactObject.Empty)
    {
        ["id"] = Value.From(version.Id),
        ["definitionId"] = Value.From(version.DefinitionId),
        ["version"] = Value.From(version.Version),
        ["isLatest"] = Value.From(version.IsLatest),
        ["isPublished"] = Value.From(version.IsPublished),
        ["isReadonly"] = Value.From(version.IsReadOnly),
        ["createdAt"] = Value.From(version.CreatedAt),
    }.Build());

    /// <summary>Rewrites activities, wherever they lie in a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="rewrite">Gives what an activity becomes; itself where it stays.</param>
    public static Value Rewrite(Value value, Func<FactObject, FactObject> rewrite)
    {
        if (value.Kind == ValueKind.List)
        {
            var items = value.AsList.ToArray();
            for (var i = 0; i < items.Length; i++) items[i] = Rewrite(items[i], rewrite);
            return Value.From(items);
        }

        if (value.AsObject is not { } members) return value;
        var rewritten = new FactObjectBuilder();
        foreach (var (name, member) in members) rewritten[name] = Rewrite(member, rewrite);
        var built = rewritten.Build();
        return Value.From(IsActivity(built) ? rewrite(built) : built);
    }

    private static bool IsActivity(FactObject value) => value["type"].AsText is { Length: > 0 } && (value["id"].AsText ?? value["nodeId"].AsText) is not null;

    private static List<string> Used(Value value, ActivityCatalog activities)
    {
        var found = new List<string>();
        Rewrite(value, activity =>
        {
            if (activities.TryFind(activity["type"].AsText!, out _)) return activity;
            string?[] names = [activity["type"].AsText, activity["workflowDefinitionId"].AsText, activity["workflowDefinitionVersionId"].AsText];
            found.AddRange(names.OfType<string>().Where(n => n.Length > 0));
            return activity;
        });
        return found;
    }

    private static FactObject Without(FactObject value, Predicate<string> isLeftOut)
    {
        var kept = new FactObjectBuilder();
        foreach (var (name, member) in value)
            if (!isLeftOut(name)) kept[name] = member;
        return kept.Build();
    }
}
