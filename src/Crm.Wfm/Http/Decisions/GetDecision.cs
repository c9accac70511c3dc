using System.ComponentModel;
using Crm.Wfm.Decisions;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Http;

internal static class GetDecision // GET /decisions/{key}
{
    public static void Map(IEndpointRouteBuilder decisions) => decisions.MapGet("/{key}", Handle).WithName(nameof(GetDecision))
        .WithSummary("Shows a decision as its bundle has it").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<GetDecisionResponse>, ProblemHttpResult>> Handle(
        [Description("The decision's key.")] string key, PublishedDecisions decisions, CancellationToken ct) =>
        await decisions.FindAsync(key, ct) is { } found ? TypedResults.Ok(new GetDecisionResponse(key, found.Bundle, found.Version, found.Decision.Source)) : Problems.NotFound("decision");
}

internal sealed record GetDecisionResponse(string Key, string Bundle, string Version, [property: JsonType("object")] Value Definition);
