using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Says what Studio may offer besides: that it is told of changes. What else there is would bring menus whose endpoints are not here.</summary>
internal static class ListFeatures // GET /features/installed
{
    private static readonly Feature[] Features = [new("RealTimeWorkflowUpdates", "Live updates", "Runs that are looked at show what they do as they do it.")];

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/features/installed", () => ElsaAnswer.List(Features));

    private sealed record Feature(string Name, string DisplayName, string Description)
    {
        public string Namespace { get; } = "Elsa";

        public string FullName => $"{Namespace}.{Name}";
    }
}
