using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Wfm.OpenApi;

/// <summary>Describes problems: each kind with the members it has besides those of RFC 9457, told from others by its type. When there is which is in docs/errors.md.</summary>
internal sealed class ProblemSchemas : IOpenApiDocumentTransformer
{
    public const string Plain = "Problem";
    public const string Invalid = "InvalidProblem";
    public const string Refused = "RefusedProblem";
    public const string StaleVersion = "StaleVersionProblem";

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var part in new[] { typeof(Fault), typeof(ReasonResponse), typeof(Fix), typeof(ProposedChange) })
        {
            if (document.Components?.Schemas?.ContainsKey(part.Name) != true) document.AddComponent<IOpenApiSchema>(part.Name, await context.GetOrCreateSchemaAsync(part, null, cancellationToken));
        }

        Add(Plain, "What went wrong.", null);
        Add(Invalid, "What is wrong with the request; nothing was stored.", "invalid", ("faults", List(nameof(Fault), "Each fault with its place.")));
        Add(Refused, "Why the gate said no; nothing was changed.", "refused", ("reasons", List(nameof(ReasonResponse), "Every reason.")),
            ("fix", Optional(List(nameof(ProposedChange), "The fewest changes that unblock the move, to be sent together with it, on top of what was sent; null when no field does it."))),
            ("whyNoFix", new() { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = "Why there is no fix; null when there is one." }),
            ("step", new() { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = "The step the project stays in; null where there is none yet." }),
            ("version", Number("The version the project stays at; 0 where there is none yet.")));
        Add(StaleVersion, "Somebody else was first.", "stale-version", ("currentVersion", Number("The version there is.")));

        OpenApiSchema List(string items, string description) => new() { Type = JsonSchemaType.Array, Items = new OpenApiSchemaReference(items, document), Description = description };

        void Add(string name, string description, string? type, params (string Name, OpenApiSchema Schema)[] members) => document.AddComponent<IOpenApiSchema>(name, Problem(description, type, members));
    }

    /// <summary>Describes a kind of problem.</summary>
    /// <param name="description">What it tells.</param>
    /// <param name="type">What its type ends with; <c>null</c> for those that have no members of their own.</param>
    /// <param name="members">Its own members, all of them required.</param>
    private static OpenApiSchema Problem(string description, string? type, params (string Name, OpenApiSchema Schema)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Required = new HashSet<string>(["type", "title", "status", .. members.Select(m => m.Name)]),
        Properties = new Dictionary<string, IOpenApiSchema>([
            new("type", new OpenApiSchema { Type = JsonSchemaType.String, Enum = type is null ? null : [Problems.Urn + type], Description = "What kind of problem it is." }),
            new("title", Text("The kind in words.")),
            new("status", Number("The status of the answer.")),
            new("detail", Text("What went wrong, in words for people.")),
            new("traceId", Text("Finds the request in the log.")),
            .. members.Select(m => KeyValuePair.Create<string, IOpenApiSchema>(m.Name, m.Schema))]),
    };

    private static OpenApiSchema Optional(OpenApiSchema schema)
    {
        schema.Type |= JsonSchemaType.Null;
        return schema;
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiSchema Number(string description) => new() { Type = JsonSchemaType.Integer, Format = "int32", Description = description };
}
