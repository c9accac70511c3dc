using Crm.Entities;
using Crm.Host.Lists;
using Crm.Wfm;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.OpenApi;

namespace Crm.Host.Search;

internal static class FindAnything // GET /search?q=&types=&limit=
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 50;
    private const int LongestQuery = 200;
    private static readonly string[] Types = ["deal", "lead", "person", "organization", "activity", "note", "record"];

    public static void MapSearch(this IEndpointRouteBuilder api) => api.MapGroup("/search").WithTags("Search").WithWfmRequests()
        .MapGet("", Handle).WithName(nameof(FindAnything))
        .WithSummary("Finds records, activities and notes by name and text, typing mistakes included, the best first")
        .WithParameters([
            ListDescription.Required("q", $"What to look for; of more than {LongestQuery} characters the beginning counts."),
            ListDescription.Several("types", "What to look among; all unless named.", new() { Type = JsonSchemaType.String, Enum = [.. Types] }, commas: true),
            ListDescription.Limit(DefaultLimit, MaxLimit),
        ]);

    private static async Task<Results<Ok<SearchResponse>, ProblemHttpResult>> Handle(string? q, string? types, int? limit, CrmDbContext db, CancellationToken ct)
    {
        var wanted = types?.Split(',', StringSplitOptions.TrimEntries) ?? Types;
        var faults = new List<Fault>();
        if (q is null) faults.Add(new("?q", "required", "Say what to look for: q."));
        if (wanted.Except(Types).ToList() is { Count: > 0 } unknown) faults.Add(new("?types", "parameter", $"types are some of {string.Join(", ", Types)}, not {string.Join(", ", unknown)}."));
        if (limit is < 1 or > MaxLimit) faults.Add(new("?limit", "limit", $"limit is 1 to {MaxLimit}."));
        if (faults.Count > 0) return Problems.Faulty(faults);
        // PostgreSQL has no text with a NUL, and half a surrogate pair is no character.
        var query = new string([.. q!.Take(2 * LongestQuery).Where(c => c != '\0')]);
        if (query.Length > 0 && char.IsHighSurrogate(query[^1])) query = query[..^1];
        var found = await db.Database.SqlQuery<FoundRow>($"""
            select type as "Type", id as "Id", kind as "Kind", title as "Title", excerpt as "Excerpt", about_type as "AboutType", about_id as "AboutId", about_title as "AboutTitle"
            from crm.search({query}, {wanted}, {limit ?? DefaultLimit})
            """).ToListAsync(ct);
        return TypedResults.Ok(new SearchResponse([.. found.Select(FoundResponse.Of)]));
    }
}
