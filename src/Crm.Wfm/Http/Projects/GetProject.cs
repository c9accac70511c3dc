using System.ComponentModel;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Http;

internal static class GetProject // GET /projects/{id}
{
    public static void Map(IEndpointRouteBuilder projects) =>
        projects.MapGet("/{id:guid}", Handle).WithName(nameof(GetProject)).WithSummary("Shows a project").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<ProjectResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, HostContext host, CancellationToken ct)
    {
        var row = await host.Db.Set<ProjectRow>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, ct);
        if (row is null) return Problems.NotFound("project");
        http.Response.Headers.ETag = ETags.Of(row.Version);
        return TypedResults.Ok(ProjectResponse.Of(row));
    }
}

/// <summary>A project as the API shows it.</summary>
internal sealed record ProjectResponse(
    Guid Id, string ProjectType, string SubjectType, string SubjectId, string Step, int Version, [property: JsonType("object"), Description("The fields its project type asks for.")] Value Fields, DateTimeOffset StartedAt, DateTimeOffset EnteredAt, DateTimeOffset? CompletedAt)
{
    public static ProjectResponse Of(ProjectRow p) =>
        new(p.Id, p.ProjectType, p.SubjectType, p.SubjectId, p.Step, p.Version, Value.Parse(p.Fields), p.StartedAt, p.EnteredAt, p.CompletedAt);
}
