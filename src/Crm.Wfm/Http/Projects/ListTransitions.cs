using System.ComponentModel;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Http;

internal static class ListTransitions // GET /projects/{id}/transitions
{
    public static void Map(IEndpointRouteBuilder projects) => projects.MapGet("/{id:guid}/transitions", Handle).WithName("ListProjectTransitions")
        .WithSummary("Lists the moves the actor could make: available ones, and blocked ones with every reason")
        .ProducesProblem(StatusCodes.Status404NotFound);

    public static async Task<Results<Ok<TransitionsResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, CurrentRequest current, MoveEngine engine, CancellationToken ct)
    {
        if (await engine.OffersAsync(id, current.Actor, ct) is not { } found) return Problems.NotFound("project");
        http.Response.Headers.ETag = ETags.Of(found.Project.Version);
        return TypedResults.Ok(new TransitionsResponse(id, found.Project.Step, found.Project.Version, found.RecordVersion, [.. found.Offers.Select(o => ToOffer(o, current.Languages))]));
    }

    private static TransitionResponse ToOffer(TransitionOffer offer, IReadOnlyList<string> languages)
    {
        var transition = offer.Transition;
        return new(transition.Key, transition.Title?.In(languages) ?? transition.Key, transition.To, offer.IsAvailable, transition.Input?.Source ?? Value.Null,
            ReasonResponse.Of(offer.Reasons, languages), ReasonResponse.Of(offer.Warnings, languages), offer.Remedy?.Fix, offer.Remedy?.Why);
    }
}

internal sealed record TransitionsResponse(Guid Project, string Step, int Version, int? RecordVersion, IReadOnlyList<TransitionResponse> Transitions);

internal sealed record TransitionResponse(
    string Key, string Title, string To, bool Available, [property: JsonType("object", "boolean", "null"), Description("JSON Schema of what it asks for; null when it asks for nothing.")] Value Input,
    IReadOnlyList<ReasonResponse> Reasons, IReadOnlyList<ReasonResponse> Warnings,
    [property: Description("The fewest changes that make it available, to be sent together with the move; null when it is available, and when no field does it.")] IReadOnlyList<ProposedChange>? Fix,
    [property: Description("Why a blocked one has no fix; else null.")] string? WhyNoFix);
