using Crm.Entities.Records;
using Crm.Wfm.Http;
using Microsoft.OpenApi;

namespace Crm.Host.Lists;

/// <summary>Tells OpenAPI readers what a list can be asked.</summary>
internal static class ListDescription
{
    public static RouteHandlerBuilder WithListing<T>(this RouteHandlerBuilder list, Listing<T> listing)
        where T : CrmRecord => list
        .WithDescription("Filters are `field=value` or `field.operator=value`; several values (commas, or the parameter repeated) mean any of them. Pages end with `next`: send it as `after`.")
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters = [.. Parameters(listing)];
            return Task.CompletedTask;
        });

    private static IEnumerable<IOpenApiParameter> Parameters<T>(Listing<T> listing)
        where T : CrmRecord
    {
        foreach (var field in listing.Fields)
        {
            foreach (var comparison in field.Type.Operators)
            {
                var several = comparison is "eq" or "ne";
                var one = comparison == "null" ? new() { Type = JsonSchemaType.Boolean } : Schema(field.Type);
                yield return Parameter(comparison == "eq" ? field.Name : $"{field.Name}.{comparison}", several ? new() { Type = JsonSchemaType.Array, Items = one } : one, several && field.Type.CommasPart);
            }
        }

        yield return Parameter("sort", new() { Type = JsonSchemaType.String, Enum = [.. listing.Sorts.SelectMany(s => new[] { s.Name, "-" + s.Name })], Default = Listing<T>.DefaultSort });
        yield return Parameter("deleted", new() { Type = JsonSchemaType.Boolean, Default = false });
        yield return Parameter("limit", new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{Pages.Max}", Default = Pages.Size(null) });
        yield return Parameter("after", new() { Type = JsonSchemaType.String });
    }

    // Commas part the values but where they may be in one: there the parameter is repeated.
    private static OpenApiParameter Parameter(string name, OpenApiSchema schema, bool commas = false) =>
        new() { Name = name, In = ParameterLocation.Query, Schema = schema, Style = ParameterStyle.Form, Explode = !commas };

    private static OpenApiSchema Schema(FieldType type) => type.Name switch
    {
        "number" => new() { Type = JsonSchemaType.Number },
        "yes or no" => new() { Type = JsonSchemaType.Boolean },
        "id" => new() { Type = JsonSchemaType.String, Format = "uuid" },
        "date" => new() { Type = JsonSchemaType.String, Format = "date" },
        "time" => new() { Type = JsonSchemaType.String, Format = "date-time" },
        _ => new() { Type = JsonSchemaType.String },
    };
}
