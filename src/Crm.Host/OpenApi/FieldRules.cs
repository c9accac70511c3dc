using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Host.OpenApi;

/// <summary>Describes what a member's own rules ask for.</summary>
internal sealed class FieldRules : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var rule in (context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(true) ?? []).OfType<IDescribed>()) rule.Describe(schema);
        return Task.CompletedTask;
    }
}
