using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Wfm.Flows.Http;

/// <summary>What saving, publishing and retracting answer.</summary>
internal static class DefinitionAnswers
{
    public static Results<Ok<FlowChangeResponse>, ProblemHttpResult> Of(DefinitionResult result) => result is DefinitionResult.Done done ? TypedResults.Ok(FlowChangeResponse.Of(done)) : Problem(result);

    public static ProblemHttpResult Problem(DefinitionResult result) => result switch
    {
        DefinitionResult.NotFound => Problems.NotFound("flow"),
        DefinitionResult.ReadOnly held => InBundle(held.Bundle),
        DefinitionResult.Conflict conflict => Problems.Stale("flow", conflict.Current.Version),
        DefinitionResult.Faulty faulty => Problems.Faulty(faulty.Faults, StatusCodes.Status422UnprocessableEntity),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static ProblemHttpResult InBundle(string bundle) => Problems.Conflict($"The flow stands in the bundle {bundle}: it is changed by publishing that.");

    /// <summary>Refuses who may not change flows, or start and end runs.</summary>
    public static ProblemHttpResult? Refuse(Actor actor, WfmOptions options) =>
        actor.Roles.Contains(options.PublisherRole) ? null : Problems.Forbidden($"Changing flows, and starting and ending their runs, needs the role {options.PublisherRole}.");
}

/// <summary>A flow after it was changed.</summary>
/// <param name="Flow">The version that was saved, published or retracted.</param>
/// <param name="Faults">What keeps a draft from being published as it is, with pointers into the definition.</param>
/// <param name="UpdatedFlows">The flows that use it, and follow it to its new version.</param>
internal sealed record FlowChangeResponse(FlowResponse Flow, IReadOnlyList<Fault> Faults, IReadOnlyList<string> UpdatedFlows)
{
    public static FlowChangeResponse Of(DefinitionResult.Done done) => new(FlowResponse.Of(done.Definition.Summary), done.Faults, done.UpdatedConsumers);
}
