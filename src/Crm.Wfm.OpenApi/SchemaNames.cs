using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Crm.Wfm.Http;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;

namespace Crm.Wfm.OpenApi;

/// <summary>Names schemas as their readers would: a page of <c>DealResponse</c> is a <c>DealPage</c>, and JSON of whatever kind has no name at all.</summary>
internal static class SchemaNames
{
    private static readonly Type[] Nameless = [typeof(JsonObject), typeof(JsonNode), typeof(JsonElement), typeof(Value), typeof(ProblemDetails)];

    public static string? Of(JsonTypeInfo json)
    {
        var type = Nullable.GetUnderlyingType(json.Type) ?? json.Type;
        if (Nameless.Contains(type)) return null;
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(json);
        return name is null || !type.IsConstructedGenericType ? name : Plain(type.GenericTypeArguments[0]) + (type.GetGenericTypeDefinition() == typeof(MergePatch<>) ? "Patch" : Plain(type));
    }

    private static string Plain(Type type)
    {
        var name = type.Name.Split('`')[0];
        foreach (var ending in new[] { "Response", "Fields" })
        {
            if (name.EndsWith(ending, StringComparison.Ordinal)) return name[..^ending.Length];
        }

        return name;
    }
}
