using Crm.Wfm.Http;
using Microsoft.OpenApi;

namespace Crm.Host.Lists;

/// <summary>Tells OpenAPI readers what a list can be asked.</summary>
internal static class ListDescription
{
    private const string Syntax = "Filters are `field=value` or `field.operator=value`; several values (commas, or the parameter repeated) mean any of them.";

    public static RouteHandlerBuilder WithListing<T>(this RouteHandlerBuilder list, Listing<T> listing)
        where T : class => list.WithMetadata(new OwnQuery()).WithDescription($"{Syntax} Pages end with `next`: send it as `after`.").WithParameters(
    [
        .. Filters(listing),
        Parameter("sort", "By what they are sorted: a minus before it is the greatest first.",
            new() { Type = JsonSchemaType.String, Enum = [.. listing.Sorts.SelectMany(s => new[] { s.Name, "-" + s.Name })], Default = Listings.DefaultSort }),
        Parameter("deleted", "Whether to list the deleted ones instead.", new() { Type = JsonSchemaType.Boolean, Default = false }),
        Limit(Pages.Size(null), Pages.Max),
        After,
    ]);

    /// <summary>Adds parameters that no handler names, or that say more than its own do.</summary>
    public static RouteHandlerBuilder WithParameters(this RouteHandlerBuilder endpoint, IReadOnlyList<IOpenApiParameter> parameters) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.Parameters = [.. (operation.Parameters ?? []).Where(own => parameters.All(p => (p.Name, p.In) != (own.Name, own.In))), .. parameters];
        return Task.CompletedTask;
    });

    public static OpenApiParameter After => Parameter("after", "What `next` said on the page before; left out, the first page.", new() { Type = JsonSchemaType.String });

    public static OpenApiParameter Limit(int usual, int most) =>
        Parameter("limit", "How many items a page has at most.", new() { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = $"{most}", Default = usual });

    public static OpenApiParameter Required(string name, string description) => Parameter(name, description, new() { Type = JsonSchemaType.String, MinLength = 1 }, required: true);

    /// <summary>Makes a parameter that has several values, with commas between them or not.</summary>
    public static OpenApiParameter Several(string name, string description, OpenApiSchema one, bool commas) =>
        Parameter(name, description, new() { Type = JsonSchemaType.Array, Items = one, MinItems = 1 }, explode: !commas);

    public static IEnumerable<IOpenApiParameter> Filters<T>(Listing<T> listing)
        where T : class
    {
        foreach (var field in listing.Fields)
        {
            foreach (var comparison in field.Type.Operators)
            {
                var name = comparison == "eq" ? field.Name : $"{field.Name}.{comparison}";
                var words = $"Keeps those {Words(field.Name, comparison)}.";
                if (comparison is "eq" or "ne") yield return Several(name, words, Schema(field.Type), field.Type.CommasPart);
                else yield return Parameter(name, words, comparison == "null" ? new() { Type = JsonSchemaType.Boolean } : Schema(field.Type));
            }
        }

        if (listing.CustomFieldsOf is not null) yield return Custom;
    }

    // An object in the form style is as many parameters as it has members.
    private static OpenApiParameter Custom => Parameter("custom", "Keeps those whose custom fields are so: `custom.<key>=value` or `custom.<key>.operator=value`, of fields that are filterable.",
        new() { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String } });

    private static string Words(string field, string comparison) => comparison switch
    {
        "eq" => $"whose {field} is one of these",
        "ne" => $"whose {field} is none of these",
        "gt" => $"whose {field} is greater",
        "gte" => $"whose {field} is this or greater",
        "lt" => $"whose {field} is less",
        "lte" => $"whose {field} is this or less",
        "contains" => $"whose {field} contains this, whatever its case",
        "startsWith" => $"whose {field} begins with this, whatever its case",
        _ => $"without {field} if true, with one if false",
    };

    private static OpenApiParameter Parameter(string name, string description, OpenApiSchema schema, bool required = false, bool explode = true) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Required = required, Schema = schema, Style = ParameterStyle.Form, Explode = explode };

    private static OpenApiSchema Schema(FieldType type) => type.Name switch
    {
        "number" => new() { Type = JsonSchemaType.Number },
        "yes or no" => new() { Type = JsonSchemaType.Boolean },
        "id" => new() { Type = JsonSchemaType.String, Format = "uuid" },
        "date" => new() { Type = JsonSchemaType.String, Format = "date" },
        "time" => new() { Type = JsonSchemaType.String, Format = "date-time" },
        _ => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = FieldTypes.LongestText },
    };
}
