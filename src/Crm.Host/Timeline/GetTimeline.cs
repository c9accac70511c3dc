using System.Text.Json;
using Crm.Entities;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Timeline;

internal static class GetTimeline // GET /{deals|leads|people|organizations|records}/{id}/timeline?after=&limit=
{
    public static void MapTimelines(this IEndpointRouteBuilder api)
    {
        Map(api.MapGroup("/deals").WithTags("Deals"), "deal");
        Map(api.MapGroup("/leads").WithTags("Leads"), "lead");
        Map(api.MapGroup("/people").WithTags("People"), "person");
        Map(api.MapGroup("/organizations").WithTags("Organizations"), "organization");
        Map(api.MapGroup("/records").WithTags("Records"), "record");
    }

    private static void Map(RouteGroupBuilder records, string noun) => records.WithWfmRequests()
        .MapGet("/{id:guid}/timeline", (Guid id, string? after, int? limit, CrmDbContext db, CancellationToken ct) => HandleAsync(noun, id, after, limit, db, ct))
        .WithName($"Get{char.ToUpperInvariant(noun[0])}{noun[1..]}Timeline").WithSummary("Lists what happened to a record, the newest first: moves of its projects, activities and notes")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<Page<TimelineEntry>>, ProblemHttpResult>> HandleAsync(string noun, Guid id, string? after, int? limit, CrmDbContext db, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        var query = Cursor.Query(["timeline", noun, id.ToString()]);
        var end = TimelineEnd.First;
        if (after is not null)
        {
            var cursor = Cursor.Read(after, query, out var wrong);
            if (cursor is null || TimelineEnd.Of(cursor) is not { } read) return Problems.Faulty([new("?after", "cursor", $"after {wrong ?? "is no cursor of a timeline."}")]);
            end = read;
        }

        var rows = await db.Database.SqlQueryRaw<TimelineRow>(TimelineSql.ByNoun[noun], id, end.At, end.Kind, end.Id, end.Version, Pages.Size(limit) + 1).ToListAsync(ct);
        if (rows.Count == 0) return Problems.NotFound(noun);
        // A record to which nothing happened has one row of nothing.
        return TypedResults.Ok(Pages.Of(rows.FindAll(r => r.Kind is not null), limit, r => TimelineEnd.Of(r).Write(query), TimelineEntry.Of));
    }
}

/// <summary>Where a page of a timeline ended.</summary>
internal sealed record TimelineEnd(DateTimeOffset At, string Kind, Guid Id, int Version)
{
    /// <summary>Gets what all entries come after.</summary>
    public static TimelineEnd First { get; } = new(DateTimeOffset.MaxValue, "", Guid.AllBitsSet, 0);

    public static TimelineEnd Of(TimelineRow row) => new(row.At!.Value, row.Kind!, row.Id!.Value, row.Version!.Value);

    /// <summary>Reads a cursor; <c>null</c> when it is one of something else.</summary>
    public static TimelineEnd? Of(Cursor cursor)
    {
        try
        {
            return JsonSerializer.Deserialize<Key>(cursor.Key) is { Kind: not null } key ? new(key.At.ToUniversalTime(), key.Kind, cursor.Id, key.Version) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Write(byte[] query) => new Cursor(JsonSerializer.Serialize(new Key(At, Kind, Version)), Id).Write(query);

    private sealed record Key(DateTimeOffset At, string Kind, int Version);
}
