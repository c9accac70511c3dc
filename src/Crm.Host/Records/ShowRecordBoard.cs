using System.ComponentModel;
using System.Linq.Expressions;
using System.Text.Json.Nodes;
using Crm.Entities;
using Crm.Host.Boards;
using Crm.Host.Lists;
using Crm.Wfm;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Records;

internal static class ShowRecordBoard // GET /records/board?type=, GET /records/board/{step}?type=
{
    private static readonly Listing<RecordRow> Listing =
        new Listing<RecordRow>(r => r.Id, records => records.Where(r => r.DeletedAt == null), records => records.Where(r => r.DeletedAt != null))
            .Time("createdAt", r => r.CreatedAt).Id("createdBy", r => r.CreatedBy).Time("updatedAt", r => r.UpdatedAt).Id("updatedBy", r => r.UpdatedBy)
            .Text("name", r => r.Name).Id("ownerId", r => r.OwnerId);

    private static readonly Board<RecordRow> Board =
        new(Listing, r => r.Step, r => r.StepEnteredAt!.Value, r => new Worth { Step = r.Step!, Currency = "", Amount = 0 }) { Own = ["type"], CountedAs = "record/" };

    public static void MapRecordBoards(this IEndpointRouteBuilder api)
    {
        var records = api.MapGroup("/records").WithTags("Records").WithWfmRequests();
        records.MapGet("/board", Handle).WithName(nameof(ShowRecordBoard)).WithSummary("Shows the generic records of a type by step: counts, and the first cards of each").WithBoard(Board);
        records.MapGet("/board/{step}", HandleColumn).WithName("ShowRecordColumn").WithSummary("Shows more generic records of one step").WithColumn(Board);
    }

    private static async Task<Results<Ok<BoardResponse<RecordCard>>, ProblemHttpResult>> Handle(HttpContext http, BoardReader boards, CrmDbContext db, CancellationToken ct) =>
        Type(http, out var fault) is { } type
            ? await boards.AnswerAsync(Board, type, http.Request.Query, db.Set<RecordRow>().Where(r => r.Type == type), RecordCard.From(db), ct)
            : Problems.Faulty([fault!]);

    private static async Task<Results<Ok<Page<RecordCard>>, ProblemHttpResult>> HandleColumn([Description("The key of a step.")] string step, HttpContext http, BoardReader boards, CrmDbContext db, CancellationToken ct) =>
        Type(http, out var fault) is { } type
            ? await boards.AnswerColumnAsync(Board, type, step, http.Request.Query, db.Set<RecordRow>().Where(r => r.Type == type), RecordCard.From(db), ct)
            : Problems.Faulty([fault!]);

    private static string? Type(HttpContext http, out Fault? fault)
    {
        fault = http.Request.Query["type"] switch
        {
            [] => new("?type", "required", "type is missing: it says which records, such as `ticket`."),
            ["deal" or "lead"] => new("?type", "parameter", "type is of generic records; deals and leads have boards of their own."),
            [{ } only] when FieldTypes.Key.Read(only) is not null => null,
            _ => new("?type", "parameter", $"type is {FieldTypes.Key.Values}."),
        };
        return fault is null ? http.Request.Query["type"] : default(string?);
    }
}

/// <summary>A generic record on a board.</summary>
internal sealed record RecordCard(
    Guid Id, string Type, string Name, Guid? OwnerId, string? OwnerName, JsonObject Fields, Guid? ProjectId, string? Step, DateTimeOffset? StepEnteredAt, double? Probability,
    int? ProjectVersion, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>Reads it in one statement.</summary>
    public static Expression<Func<RecordRow, RecordCard>> From(CrmDbContext db) => r => new(
        r.Id, r.Type, r.Name, r.OwnerId, db.Users.Where(u => u.WorkspaceId == r.WorkspaceId && u.Id == r.OwnerId).Select(u => u.Name).FirstOrDefault(), CustomText.Read(r.Fields),
        r.ProjectId, r.Step, r.StepEnteredAt, r.Probability,
        db.Set<ProjectRow>().Where(p => p.WorkspaceId == r.WorkspaceId && p.Id == r.ProjectId).Select(p => (int?)p.Version).FirstOrDefault(), r.Version, r.CreatedAt, r.UpdatedAt);
}
