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

internal static class StartProject // POST /projects
{
    public static void Map(IEndpointRouteBuilder projects) => projects.MapPost("", Handle).WithName(nameof(StartProject))
        .WithSummary("Starts a project for a record")
        .ProducesMoveProblems();

    private static async Task<Results<Created<StartProjectResponse>, ProblemHttpResult>> Handle(
        Body<StartProjectRequest> body, [FromHeader(Name = IdempotencyHeader.Name), Description(IdempotencyHeader.Meaning)] string? idempotencyKey, HttpContext http, CurrentRequest current, MoveEngine engine, CancellationToken ct)
    {
        var request = body.Value;
        var result = await engine.StartAsync(new(new SubjectRef(request.Subject.Type, request.Subject.Id), current.Actor)
        {
            ProjectType = request.ProjectType,
            Fields = request.Fields,
            Reason = request.Reason,
            IdempotencyKey = idempotencyKey,
        }, ct);
        if (result is not MoveResult.Moved moved) return Problems.Of(result, current.Languages);
        http.Response.Headers.ETag = ETags.Of(moved.Version);
        return TypedResults.Created($"{http.Request.Path}/{moved.Project}", new StartProjectResponse(moved.Project, moved.To, moved.Version, moved.RecordVersion, moved.Completed, moved.At));
    }
}

internal sealed record StartProjectRequest(SubjectRequest Subject, [property: StringLength(64)] string? ProjectType = null, JsonObject? Fields = null,
    [property: StringLength(2000)] string? Reason = null);

internal sealed record SubjectRequest([property: StringLength(64)] string Type, [property: StringLength(200)] string Id);

internal sealed record StartProjectResponse(Guid Id, string Step, int Version, int? RecordVersion, bool Completed, DateTimeOffset At);
