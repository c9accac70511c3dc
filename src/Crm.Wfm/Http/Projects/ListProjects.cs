using System.ComponentModel;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Http;

internal static class ListProjects // GET /projects?subjectType=&subjectId=&projectType=&after=&limit=
{
    public static void Map(IEndpointRouteBuilder projects) => projects.MapGet("", Handle).WithName(nameof(ListProjects)).WithSummary("Lists projects by id");

    private static async Task<Results<Ok<Page<ProjectResponse>>, ProblemHttpResult>> Handle(
        [Description("The type of the record it governs, such as `deal`.")] string? subjectType, [Description("The record's id.")] string? subjectId,
        [Description("The key of its project type.")] string? projectType, Guid? after, int? limit, HostContext host, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        var rows = host.Db.Set<ProjectRow>().AsNoTracking();
        if (subjectType is not null) rows = rows.Where(p => p.SubjectType == subjectType);
        if (subjectId is not null) rows = rows.Where(p => p.SubjectId == subjectId);
        if (projectType is not null) rows = rows.Where(p => p.ProjectType == projectType);
        if (after is { } last) rows = rows.Where(p => p.Id > last);
        var items = await rows.OrderBy(p => p.Id).Take(Pages.Size(limit) + 1).ToListAsync(ct);
        return TypedResults.Ok(Pages.Of(items, limit, p => p.Id.ToString(), ProjectResponse.Of));
    }
}
