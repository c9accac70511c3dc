using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Wfm.Flows.Http;

/// <summary>A run that was told something.</summary>
/// <param name="Run">Its id.</param>
/// <param name="Status">How far it is now.</param>
internal sealed record RunControlResponse(Guid Run, string Status);

/// <summary>Maps what came of telling a run something, and who may.</summary>
internal static class RunControlAnswers
{
    public static Results<Ok<RunControlResponse>, ProblemHttpResult> Of(Guid run, RunControlResult result) => result switch
    {
        RunControlResult.Done done => TypedResults.Ok(new RunControlResponse(run, done.Status)),
        RunControlResult.Refused refused => Problems.Conflict(refused.Why),
        _ => Problems.NotFound("run"),
    };

    /// <summary>Says why the actor may not intervene in runs; <c>null</c> when they may.</summary>
    public static ProblemHttpResult? Refusal(CurrentRequest current, WfmOptions options) =>
        current.Actor.Roles.Contains(options.PublisherRole) ? null : Problems.Forbidden($"Intervening in runs is for the role {options.PublisherRole}.");
}
