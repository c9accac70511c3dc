using Crm.Wfm.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Wfm.OpenApi;

/// <summary>Names operations in camelCase, as programs call them, and describes the parameters that mean the same everywhere: ids and pages.</summary>
internal sealed class RequestParameters : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (operation.OperationId is { Length: > 0 } name) operation.OperationId = char.ToLowerInvariant(name[0]) + name[1..];
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            if (parameter is { Name: "limit", Schema: OpenApiSchema { Maximum: null } limit }) (limit.Minimum, limit.Maximum, limit.Default) = ("1", $"{Pages.Max}", Pages.Size(null));
            parameter.Description ??= parameter switch
            {
                { Name: "id", In: ParameterLocation.Path } => $"The id of one of the {Noun(context.Description.RelativePath!)}.",
                { Name: "limit" } => "How many items a page has at most.",
                { Name: "after" } => "What `next` said on the page before; left out, the first page.",
                _ => null,
            };
        }

        return Task.CompletedTask;
    }

    // api/v1/custom-fields/{id}/restore
    private static string Noun(string path) => path[..path.IndexOf("/{id", StringComparison.Ordinal)].Split('/')[^1].Replace('-', ' ');
}
