using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>What a flow's settings can be. Named as Elsa's servers name them, so that a flow drawn here means the same there.</summary>
internal static class ListStrategies // GET /descriptors/{workflow-activation-,incident-,log-persistence-,commit-}strategies, storage-drivers, output-converters
{
    private const string Activation = "Elsa.Workflows.Runtime.ActivationValidators.{0}Strategy, Elsa.Workflows.Runtime";
    private const string Incidents = "Elsa.Workflows.IncidentStrategies.{0}Strategy, Elsa.Workflows.Core";

    private static readonly Strategy[] ActivationStrategies =
    [
        new(Name(Activation, "AllowAlways"), "Always", "A run begins whenever something starts the flow."),
        new(Name(Activation, "Singleton"), "Singleton", "One run of the flow at a time."),
        new(Name(Activation, "Correlation"), "Correlation", "One run of any flow at a time with the same correlation id."),
        new(Name(Activation, "CorrelatedSingleton"), "Correlated singleton", "One run of the flow at a time with the same correlation id."),
    ];

    private static readonly Strategy[] IncidentStrategies =
    [
        new(Name(Incidents, "Fault"), "Fault", "An activity that failed for good ends the run at once."),
        new(Name(Incidents, "ContinueWithIncidents"), "Continue", "The other branches go on first."),
    ];

    // The journal keeps what activities were given and gave out, always.
    private static readonly Strategy[] LogPersistence =
        [new("Elsa.Workflows.LogPersistence.Strategies.Include, Elsa.Workflows.Core", "Include", "Inputs and outputs stand in the journal.")];

    private static readonly StorageDriver[] Drivers = [new("Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core", "Run", 5)];

    public static void Map(IEndpointRouteBuilder descriptors)
    {
        descriptors.MapGet("/workflow-activation-strategies", () => ElsaAnswer.List(ActivationStrategies));
        descriptors.MapGet("/incident-strategies", () => ElsaAnswer.List(IncidentStrategies));
        descriptors.MapGet("/log-persistence-strategies", () => ElsaAnswer.List(LogPersistence));
        descriptors.MapGet("/storage-drivers", () => ElsaAnswer.List(Drivers));

        // A run is written down after every burst, and outputs are converted to what they are bound to: there is nothing to choose.
        descriptors.MapGet("/commit-strategies/workflows", () => ElsaAnswer.List<Strategy>([]));
        descriptors.MapGet("/commit-strategies/activities", () => ElsaAnswer.List<Strategy>([]));
        descriptors.MapGet("/output-converters", () => ElsaAnswer.List<Strategy>([]));
    }

    private static string Name(string pattern, string name) => pattern.Replace("{0}", name, StringComparison.Ordinal);

    private sealed record Strategy(string TypeName, string DisplayName, string Description);

    private sealed record StorageDriver(string TypeName, string DisplayName, int Priority)
    {
        public bool Deprecated { get; }
    }
}
