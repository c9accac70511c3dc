using Crm.Wfm.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Host.OpenApi;

/// <summary>Describes a merge patch: the members of what it changes, none of them required, and the version beside them.</summary>
internal sealed class MergePatchSchema : IOpenApiSchemaTransformer
{
    public async Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is not null || !context.JsonTypeInfo.Type.IsConstructedGenericType || context.JsonTypeInfo.Type.GetGenericTypeDefinition() != typeof(MergePatch<>)) return;
        var fields = await context.GetOrCreateSchemaAsync(context.JsonTypeInfo.Type.GenericTypeArguments[0], null, cancellationToken);
        schema.Description = "What is sent is changed, null clears, what is left out stays (RFC 7396).";
        schema.Required = null;
        schema.Properties = new Dictionary<string, IOpenApiSchema>(fields.Properties!)
        {
            ["version"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "0", Description = "The version that was seen, unless If-Match says it." },
        };
    }
}
