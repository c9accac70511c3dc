using System.Text.Json.Nodes;
using Crm.Host.Accounts;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Host.OpenApi;

/// <summary>Describes the problems that are this host's own, and names all those that have no members of their own: see docs/errors.md.</summary>
internal sealed class HostProblemSchemas : IOpenApiDocumentTransformer
{
    public const string ChooseWorkspace = "ChooseWorkspaceProblem";

    private static readonly string[] Plain = ["bad-request", "unauthorized", "not-allowed", "not-found", "conflict", "unsupported-media-type", "too-many-requests"];

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var problem = (OpenApiSchema)document.Components!.Schemas!["Problem"];
        ((OpenApiSchema)problem.Properties!["type"]).Enum = [.. Plain.Select(p => (JsonNode)(Problems.Urn + p))];

        var choose = (OpenApiSchema)problem.CreateShallowCopy();
        choose.Description = "The account is a member of several workspaces: sign in to one of them.";
        choose.Required = new HashSet<string>([.. problem.Required!, "workspaces"]);
        choose.Properties = new Dictionary<string, IOpenApiSchema>(problem.Properties)
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [Problems.Urn + AccountProblems.ChooseWorkspaceType] },
            ["workspaces"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Workspace },
        };
        document.AddComponent<IOpenApiSchema>(ChooseWorkspace, choose);
        return Task.CompletedTask;
    }

    private static OpenApiSchema Workspace => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string>(["id", "name"]),
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["id"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
            ["name"] = new OpenApiSchema { Type = JsonSchemaType.String },
        },
    };
}
