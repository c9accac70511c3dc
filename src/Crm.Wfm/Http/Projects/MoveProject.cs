using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Crm.Wfm.Moves;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Http;

internal static class MoveProject // POST /projects/{id}/moves
{
    public static void Map(IEndpointRouteBuilder projects) => projects.MapPost("/{id:guid}/moves", Handle).WithName(nameof(MoveProject))
        .WithSummary("Moves a project, or says every reason why not")
        .ProducesMoveProblems();

    public static async Task<Results<Ok<MoveProjectResponse>, ProblemHttpResult>> Handle(
        Guid id, Body<MoveProjectRequest> body, [FromHeader(Name = IdempotencyHeader.Name), Description(IdempotencyHeader.Meaning)] string? idempotencyKey, HttpContext http, CurrentRequest current, MoveEngine engine, CancellationToken ct)
    {
        var request = body.Value;
        if (ETags.Version(http, request.Version, out var fault) is not { } version) return Problems.Faulty([fault!]);
        var result = await engine.MoveAsync(new(id, request.Transition, current.Actor)
        {
            ExpectedVersion = version,
            Input = request.Input,
            Changes = request.Changes,
            Reason = request.Reason,
            IdempotencyKey = idempotencyKey,
        }, ct);
        if (result is not MoveResult.Moved moved) return Problems.Of(result, current.Languages);
        http.Response.Headers.ETag = ETags.Of(moved.Version);
        return TypedResults.Ok(new MoveProjectResponse(moved.Project, moved.Transition!, moved.From!, moved.To, moved.Version, moved.RecordVersion, moved.Completed, moved.At,
            ReasonResponse.Of(moved.Warnings, current.Languages)));
    }
}

internal sealed record MoveProjectRequest(
    [property: StringLength(64, MinimumLength = 1)] string Transition, [property: Range(0, int.MaxValue)] int? Version = null, JsonObject? Input = null,
    JsonObject? Changes = null, [property: StringLength(2000)] string? Reason = null);

internal sealed record MoveProjectResponse(
    Guid Project, string Transition, string From, string Step, int Version, int? RecordVersion, bool Completed, DateTimeOffset At, IReadOnlyList<ReasonResponse> Warnings);
