using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class ListExpressionTypes // GET /descriptors/expression-descriptors
{
    private static readonly ExpressionType[] Types =
    [
        new("Literal", "Literal", IsBrowsable: false),
        new("Object", "Object", IsBrowsable: false, "json"),
        new("Variable", "Variable"),
        new("Input", "Input"),
        new("JavaScript", "JavaScript", Language: "javascript"),
        new("JsonLogic", "JsonLogic (rule)", Language: "json"),
        new("Handlebars", "Handlebars (text)", Language: "handlebars"),
    ];

    public static void Map(IEndpointRouteBuilder descriptors) =>
        descriptors.MapGet("/expression-descriptors", () => ElsaAnswer.List([.. Types.Select(t => new ExpressionDescriptor(t.Type, t.DisplayName, t.IsBrowsable, t.Properties))]));

    private sealed record ExpressionType(string Type, string DisplayName, bool IsBrowsable = true, string? Language = null)
    {
        public IReadOnlyDictionary<string, string> Properties => Language is null ? new Dictionary<string, string>() : new() { ["MonacoLanguage"] = Language };
    }

    private sealed record ExpressionDescriptor(string Type, string DisplayName, bool IsBrowsable, IReadOnlyDictionary<string, string> Properties)
    {
        public bool IsSerializable { get; } = true;
    }
}
