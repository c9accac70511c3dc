using System.ComponentModel;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Http;

internal static class ListHistory // GET /projects/{id}/history?after=&limit=
{
    public static void Map(IEndpointRouteBuilder projects) => projects.MapGet("/{id:guid}/history", Handle).WithName("ListProjectHistory")
        .WithSummary("Lists a project's moves, the first one first").ProducesProblem(StatusCodes.Status404NotFound);

    public static async Task<Results<Ok<Page<HistoryResponse>>, ProblemHttpResult>> Handle(
        Guid id, [Description("A version: the moves after it; what `next` said.")] int? after, int? limit, HostContext host, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        var last = after ?? 0;
        var rows = await host.Db.Set<HistoryRow>().AsNoTracking().Where(h => h.ProjectId == id && h.Version > last)
            .OrderBy(h => h.Version).Take(Pages.Size(limit) + 1).ToListAsync(ct);
        if (rows.Count == 0 && last == 0) return Problems.NotFound("project"); // every project has its start
        return TypedResults.Ok(Pages.Of(rows, limit, h => h.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), ToEntry));
    }

    private static HistoryResponse ToEntry(HistoryRow h) => new(h.Version, h.Transition, h.FromStep, h.ToStep, h.ActorId, h.At, h.RecordedAt, h.WorkflowVersionId,
        Convert.ToHexStringLower(h.Hash), h.Private is null ? Value.Null : Value.Parse(h.Private));
}

internal sealed record HistoryResponse(
    int Version, string? Transition, string? From, string To, Guid Actor, DateTimeOffset At, DateTimeOffset RecordedAt, Guid WorkflowVersion, string Hash, [property: JsonType("object", "null"), Description("Input, reason and facts of the move; null once they are erased.")] Value Details);
