using Crm.Wfm.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Studio;

/// <summary>The API that the real Elsa Studio talks to, over this package's own flows and runs.</summary>
public static class ElsaApi
{
    /// <summary>
    /// Maps the endpoints below a prefix, and the hub beside it: with <c>/elsa/api</c>, which is what Studio is given as its <c>remote-endpoint</c>, at <c>/elsa/hubs/workflow-instance</c>. Everything requires
    /// authorization; who may do what, <see cref="ElsaApiOptions"/> say. Put <c>app.UseQueryTokens("/elsa/hubs")</c> before <c>UseAuthentication</c>, so that the hub's WebSocket finds its token.
    /// The API is Elsa's: it stays out of OpenAPI documents.
    /// </summary>
    /// <param name="routes">The application.</param>
    /// <param name="prefix">Where Studio finds it, without a slash at its end.</param>
    /// <returns>The endpoints, without the hub.</returns>
    public static RouteGroupBuilder MapElsaApi(this IEndpointRouteBuilder routes, string prefix = "/elsa/api")
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var api = routes.MapGroup(prefix).WithWfmRequests(writesInOneTransaction: true).WithMetadata(new OwnQuery()).ExcludeFromDescription();
        api.AddEndpointFilter(new ElsaFilter());
        ListFeatures.Map(api);
        MapDescriptors(api.MapGroup("/descriptors"));
        MapDefinitions(api);
        MapInstances(api);
        ReportExecutions.Map(api);
        ListExecutions.Map(api);
        GetExecution.Map(api);
        GetCallStack.Map(api);
        GetTypeDefinitions.Map(api);
        TestActivity.Map(api);
        MapHub(routes, $"{prefix[..prefix.LastIndexOf('/')]}/hubs/workflow-instance");
        return api;
    }

    private static void MapHub(IEndpointRouteBuilder routes, string path)
    {
        var lease = routes.ServiceProvider.GetRequiredService<IOptions<ElsaApiOptions>>().Value.ConnectionLease;
        routes.MapHub<ElsaHub>(path, o => (o.Transports, o.CloseOnAuthenticationExpiration) = (HttpTransportType.WebSockets, true)).RequireAuthorization().Add(endpoint =>
        {
            var connect = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http =>
            {
                // By the machine's clock: SignalR looks at that one.
                if (http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties is { } properties) properties.ExpiresUtc = TimeProvider.System.GetUtcNow() + lease;
                return connect(http);
            };
        });
    }

    private static void MapDescriptors(RouteGroupBuilder descriptors)
    {
        ListActivities.Map(descriptors);
        GetInputOptions.Map(descriptors);
        ListExpressionTypes.Map(descriptors);
        ListVariableTypes.Map(descriptors);
        ListStrategies.Map(descriptors);
    }

    private static void MapDefinitions(RouteGroupBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        ListDefinitions.Map(definitions);
        GetDefinition.Map(definitions);
        CheckName.Map(definitions);
        SaveDefinition.Map(definitions);
        PublishDefinition.Map(definitions);
        RetractDefinition.Map(definitions);
        RevertDefinition.Map(definitions);
        ImportDefinition.Map(definitions);
        ExecuteDefinition.Map(definitions);
        GetSubgraph.Map(definitions);
        DeleteDefinition.Map(api);
        ExportDefinition.Map(api);
        BulkDefinitions.Map(api);
    }

    private static void MapInstances(RouteGroupBuilder api)
    {
        var instances = api.MapGroup("/workflow-instances");
        ListInstances.Map(instances);
        GetInstance.Map(instances);
        GetExecutionState.Map(instances);
        ListInstanceVariables.Map(instances);
        ListJournal.Map(instances);
        CancelInstances.Map(api);
        DeleteInstances.Map(api);
        ImportInstances.Map(api);
    }
}
