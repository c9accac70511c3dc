using System.ComponentModel;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Http;

internal static class ListRecords // GET /records?type=&name=&ownerId=&step=&after=&limit=
{
    public static void Map(IEndpointRouteBuilder records) => records.MapGet("", Handle).WithName(nameof(ListRecords)).WithSummary("Lists records by id");

    /// <summary>Filters by type, by a part of the name whatever its case, by owner, and by steps with commas between them.</summary>
    private static async Task<Results<Ok<Page<RecordResponse>>, ProblemHttpResult>> Handle(
        [Description("Their type, such as `ticket`.")] string? type, [Description("A part of the name, whatever its case.")] string? name, [Description("Who owns them.")] Guid? ownerId,
        [Description("The steps they may be in, parted by commas.")] string? step, Guid? after, int? limit, HostContext host, CancellationToken ct)
    {
        if ((Pages.Check(limit) ?? CheckTexts(type, name, step)) is { } fault) return Problems.Faulty([fault]);
        var rows = host.Db.Set<RecordRow>().AsNoTracking().Where(r => r.DeletedAt == null);
        if (type is not null) rows = rows.Where(r => r.Type == type);
        if (name is not null) rows = rows.Where(r => EF.Functions.ILike(r.Name, $"%{Literal(name)}%", "\\"));
        if (ownerId is not null) rows = rows.Where(r => r.OwnerId == ownerId);
        if (step?.Split(',') is { } steps) rows = rows.Where(r => r.Step != null && steps.Contains(r.Step));
        if (after is { } last) rows = rows.Where(r => r.Id > last);
        var items = await rows.OrderBy(r => r.Id).Take(Pages.Size(limit) + 1).ToListAsync(ct);
        return TypedResults.Ok(Pages.Of(items, limit, r => r.Id.ToString(), RecordResponse.Of));
    }

    private static Fault? CheckTexts(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text?.Contains('\0') is true) return new("", "nul-character", "PostgreSQL has no text with a NUL character.");
        }

        return null;
    }

    private static string Literal(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
