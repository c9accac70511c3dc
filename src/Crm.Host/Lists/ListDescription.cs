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
        Parameter("sort", new() { Type = JsonSchemaType.String, Enum = [.. listing.Sorts.SelectMany(s => new[] { s.Name, "-" + s.Name })], Default = Listings.DefaultSort }),
        Parameter("deleted", new() { Type = JsonSchemaType.Boolean, Default = false }),
        Limit(Pages.Size(null), Pages.Max),
        Text("after"),
    ]);

    public static RouteHandlerBuilder WithParameters(this RouteHandlerBuilder endpoint, IEnumerable<IOpenApiParameter> parameters) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.Parameters = [.. operation.Parameters ?? [], .. parameters];
        return Task.CompletedTask;
    });

    public static OpenApiParameter Text(string name) => Parameter(name, new() { Type = JsonSchemaType.String });

    public static OpenApiParameter Limit(int usual, int most) => Parameter("limit", new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{most}", Default = usual });

    public static IEnumerable<IOpenApiParameter> Filters<T>(Listing<T> listing)
        where T : class
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
