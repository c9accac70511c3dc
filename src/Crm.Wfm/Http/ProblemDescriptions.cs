using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Crm.Wfm.Http;

/// <summary>Marks an endpoint whose process may refuse: its 422 has reasons (<see cref="ProblemDescriptions.ProducesMoveProblems"/>).</summary>
public sealed record MayBeRefused;

/// <summary>Says where endpoints are described which problems they answer.</summary>
public static class ProblemDescriptions
{
    private static readonly string[] ProblemType = ["application/problem+json"];

    /// <summary>Says that an endpoint answers what <see cref="Problems.Of(Moves.MoveResult, IReadOnlyList{string})"/> makes of moves and starts.</summary>
    public static RouteHandlerBuilder ProducesMoveProblems(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new MayBeRefused())
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <summary>Says which bodies an endpoint takes, and that it refuses others.</summary>
    internal static void Accepts(this EndpointBuilder endpoint, Type body, params string[] types)
    {
        endpoint.Metadata.Add(new AcceptsMetadata(types, body));
        foreach (var status in new[] { StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType }) endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ProblemType));
    }
}
