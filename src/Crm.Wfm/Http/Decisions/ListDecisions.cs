using Crm.Wfm.Decisions;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Http;

internal static class ListDecisions // GET /decisions
{
    public static void Map(IEndpointRouteBuilder decisions) =>
        decisions.MapGet("", Handle).WithName(nameof(ListDecisions)).WithSummary("Lists the decision tables and scorecards, with the schemas of what goes in and comes out");

    private static async Task<Ok<List<DecisionResponse>>> Handle(PublishedDecisions decisions, CurrentRequest current, CancellationToken ct) =>
        TypedResults.Ok((await decisions.ListAsync(ct)).Select(d => DecisionResponse.Of(d, current.Languages)).ToList());
}

internal sealed record DecisionResponse(string Key, string Title, string Kind, string Bundle, string Version, IReadOnlyList<DecisionFieldResponse> Inputs, IReadOnlyList<DecisionFieldResponse> Outputs)
{
    public static DecisionResponse Of(PublishedDecision published, IReadOnlyList<string> languages)
    {
        var decision = published.Decision;
        return new(decision.Key, decision.Title?.In(languages) ?? decision.Key, decision.Kind == DecisionKind.Table ? "table" : "scorecard", published.Bundle, published.Version,
            [.. decision.Inputs.Select(i => new DecisionFieldResponse(i.Key, i.Title?.In(languages) ?? i.Key, i.Schema.Source))],
            [.. decision.Outputs.Select(o => new DecisionFieldResponse(o.Key, o.Title?.In(languages) ?? o.Key, o.Schema.Source))]);
    }
}

internal sealed record DecisionFieldResponse(string Key, string Title, [property: JsonType("object", "boolean")] Value Schema);
