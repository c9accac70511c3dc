using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class ListVariableTypes // GET /descriptors/variables
{
    private static readonly VariableType[] Types =
    [
        new("Object", "Object", "Primitives", "Any JSON."),
        new("String", "Text", "Primitives"),
        new("Boolean", "Truth value", "Primitives"),
        new("Int32", "Whole number", "Primitives"),
        new("Int64", "Large whole number", "Primitives", "Exact up to 2^53."),
        new("Double", "Number", "Primitives"),
        new("Decimal", "Amount", "Primitives", "Computed as a number with 15 digits."),
        new("Guid", "Id", "Primitives"),
        new("DateTimeOffset", "Time", "Dates"),
        new("DateTime", "Time without offset", "Dates"),
        new("TimeSpan", "Duration", "Dates"),
    ];

    public static void Map(IEndpointRouteBuilder descriptors) => descriptors.MapGet("/variables", () => ElsaAnswer.List(Types));

    private sealed record VariableType(string TypeName, string DisplayName, string Category, string? Description = null);
}
