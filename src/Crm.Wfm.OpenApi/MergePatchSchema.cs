using Crm.Wfm.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Wfm.OpenApi;

/// <summary>Describes a merge patch: the members of what it changes, none of them required and none with a default, and the version beside them.</summary>
internal sealed class MergePatchSchema : IOpenApiSchemaTransformer
{
    public async Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo is not null || !type.IsConstructedGenericType || type.GetGenericTypeDefinition() != typeof(MergePatch<>)) return;
        var fields = await context.GetOrCreateSchemaAsync(type.GenericTypeArguments[0], null, cancellationToken);
        schema.Description = "What is sent is changed, null clears, what is left out stays (RFC 7396).";
        schema.Required = null;
        schema.Properties = fields.Properties!.ToDictionary(f => f.Key, f => WithoutDefault(f.Value));
        schema.Properties["version"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "0", Description = "The version that was seen, unless If-Match says it." };
    }

    private static IOpenApiSchema WithoutDefault(IOpenApiSchema member)
    {
        if (member is not OpenApiSchema { Default: not null }) return member;
        var copy = (OpenApiSchema)member.CreateShallowCopy();
        copy.Default = null;
        return copy;
    }
}
