using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Crm.Wfm.OpenApi;

/// <summary>Describes what a .NET type leaves open: which JSON is in a member, the few values it may have. And that an amount is a number, which a host's converter may keep from the generator.</summary>
internal sealed class JsonSchemas : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(decimal)) (schema.Type, schema.Format) = (type == typeof(decimal) ? JsonSchemaType.Number : JsonSchemaType.Number | JsonSchemaType.Null, "double");
        foreach (var rule in Rules(context))
        {
            if (rule is JsonTypeAttribute json) (schema.Type, schema.Format) = (json.Types.Aggregate(default(JsonSchemaType), (all, t) => all | Enum.Parse<JsonSchemaType>(t, ignoreCase: true)), json.Format);
            if (rule is AllowedValuesAttribute allowed) schema.Enum = [.. allowed.Values.Select(v => v is string text ? (JsonNode)text : JsonNullSentinel.JsonNull)];
            if (rule is RangeAttribute range && schema.Type is { } number && number.HasFlag(JsonSchemaType.Number)) (schema.Minimum, schema.Maximum) = (Text(range.Minimum), Text(range.Maximum));
        }

        if (type == typeof(JsonObject)) schema.Type = JsonSchemaType.Object | (schema.Type & JsonSchemaType.Null);
        var isObject = schema.Type is { } types && types.HasFlag(JsonSchemaType.Object);
        if (isObject && (type == typeof(JsonObject) || context.JsonTypeInfo.Kind != JsonTypeInfoKind.Object)) schema.AdditionalProperties ??= new OpenApiSchema { Description = "Any JSON." };
        return Task.CompletedTask;
    }

    private static object[] Rules(OpenApiSchemaTransformerContext context) =>
        (context.JsonPropertyInfo?.AttributeProvider ?? (context.ParameterDescription?.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo)?.GetCustomAttributes(true) ?? [];

    private static string Text(object bound) => Convert.ToDecimal(bound, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}
