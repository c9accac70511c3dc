using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Studio;

/// <summary>A version of a flow as lists show it.</summary>
internal sealed record DefinitionItem(
    IReadOnlyList<ElsaLink> Links, string Id, string DefinitionId, string Name, string? Description, int Version, string? ToolVersion, bool IsLatest, bool IsPublished, bool IsReadonly, DateTimeOffset CreatedAt)
{
    public string? ProviderName { get; init; }

    public string MaterializerName { get; } = "Json";

    public bool IsMaterializerAvailable { get; } = true;

    public static DefinitionItem Of(DefinitionSummary d, ElsaCaller caller) =>
        new(DefinitionLinks.Of(d, caller), d.Id, d.DefinitionId, d.Name, d.Description, d.Version, d.ToolVersion, d.IsLatest, d.IsPublished, d.IsReadOnly, d.CreatedAt) { ProviderName = d.Bundle };
}

/// <summary>What whoever asks may do with a flow: Studio looks at nothing else to tell whether it can be edited.</summary>
internal static class DefinitionLinks
{
    private static readonly ElsaLink[] OfList =
    [
        ElsaLink.Post("/bulk-actions/publish/workflow-definitions/by-definition-ids", "bulk-publish"),
        ElsaLink.Post("/bulk-actions/retract/workflow-definitions/by-definition-ids", "bulk-retract"),
        ElsaLink.Post("/bulk-actions/delete/workflow-definitions/by-definition-id", "bulk-delete"),
        ElsaLink.Post("/workflow-definitions", "create"),
    ];

    public static IReadOnlyList<ElsaLink> Of(ElsaCaller caller) => caller.CanEdit ? OfList : [];

    public static IReadOnlyList<ElsaLink> Of(DefinitionSummary d, ElsaCaller caller)
    {
        var path = $"/workflow-definitions/{Uri.EscapeDataString(d.DefinitionId)}";
        var self = ElsaLink.Get(path, "self");
        return caller.CanEdit && !d.IsReadOnly ? [self, ElsaLink.Post($"{path}/publish", "publish"), ElsaLink.Post($"{path}/retract", "retract"), ElsaLink.Delete(path, "delete")] : [self];
    }
}

/// <summary>Writes whole definitions as Studio reads them.</summary>
internal sealed class DefinitionDocuments(ElsaToolbox toolbox, ElsaCaller caller)
{
    /// <summary>The member of <c>customProperties</c> by which Studio says, without knowing, what it has edited: the content's hash.</summary>
    public const string Edited = "Crm.EditedHash";

    public async Task<Value> ShowAsync(StoredDefinition definition, CancellationToken ct)
    {
        var (summary, document) = (definition.Summary, definition.Document);
        var links = DefinitionLinks.Of(summary, caller).Select(l => Value.From(new FactObjectBuilder { ["href"] = Value.From(l.Href), ["rel"] = Value.From(l.Rel), ["method"] = Value.From(l.Method) }.Build()));
        return Value.From(new FactObjectBuilder(WithoutNulls(document.AsObject!))
        {
            ["name"] = Value.From(summary.Name),
            ["links"] = Value.From([.. links]),
            ["customProperties"] = Value.From((document["customProperties"].AsObject ?? FactObject.Empty).With(Edited, Value.From(summary.ContentHash))),
            ["root"] = new StudioDrawing(await toolbox.ReadAsync(ct)).Show(document["root"]),
        }.Build());
    }

    // Studio writes null for what it has nothing to say of, and cannot read some of it back.
    private static FactObject WithoutNulls(FactObject document)
    {
        var said = new FactObjectBuilder();
        foreach (var (name, value) in document)
            if (!value.IsNull) said[name] = value;
        return said.Build();
    }

    /// <summary>Takes a definition as Studio writes it for what it means.</summary>
    /// <returns>The document to store, and the hash of the content that was edited, where Studio says.</returns>
    public static (Value Document, string? Edited) Read(Value model)
    {
        if (model.AsObject is not { } members) return (model, null);
        var read = new FactObjectBuilder();
        foreach (var (name, value) in members)
            if (name is not "links") read[name] = name == "root" ? StudioDrawing.Restore(value) : value;
        if (members["customProperties"].AsObject is { } custom && custom.Has(Edited))
        {
            var kept = new FactObjectBuilder();
            foreach (var (name, value) in custom)
                if (name != Edited) kept[name] = value;
            read["customProperties"] = Value.From(kept.Build());
        }

        return (Value.From(read.Build()), members["customProperties"][Edited].AsText);
    }
}
