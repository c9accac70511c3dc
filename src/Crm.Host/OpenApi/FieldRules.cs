using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Host.Records;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Host.OpenApi;

/// <summary>Describes what a member's own rules ask for: the values it may have, the form of its text. And that an amount is a number, which its converter keeps from the generator.</summary>
internal sealed class FieldRules : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        var isAmount = (Nullable.GetUnderlyingType(type) ?? type) == typeof(decimal);
        if (isAmount) (schema.Type, schema.Format) = (type == typeof(decimal) ? JsonSchemaType.Number : JsonSchemaType.Number | JsonSchemaType.Null, "double");
        foreach (var rule in context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(true) ?? [])
        {
            if (rule is AllowedValuesAttribute allowed) schema.Enum = [.. allowed.Values.Select(v => v is string text ? (JsonNode)text : JsonNullSentinel.JsonNull)];
            if (rule is FormatAttribute format) schema.Format = format.Name;
            if (isAmount && rule is RangeAttribute range) (schema.Minimum, schema.Maximum) = (Text(range.Minimum), Text(range.Maximum));
        }

        return Task.CompletedTask;
    }

    private static string Text(object bound) => Convert.ToDecimal(bound, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}
