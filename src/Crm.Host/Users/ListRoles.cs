using System.Text.Json;
using Crm.Entities;
using Crm.Entities.Users;
using Crm.Wfm;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Users;

internal static class ListRoles // GET /roles
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/roles", Handle).WithName(nameof(ListRoles)).WithSummary("Lists the roles users can have: those of published bundles, and admin");

    private static async Task<Ok<List<RoleResponse>>> Handle(CurrentRequest current, CrmDbContext db, CancellationToken ct)
    {
        var rows = await db.Set<RoleRow>().Where(r => r.Key != Roles.Admin).OrderBy(r => r.Key).Select(r => new { r.Key, r.Title, r.BundleKey }).ToListAsync(ct);
        return TypedResults.Ok<List<RoleResponse>>([new(Roles.Admin, "Admin", null), .. rows.Select(r => new RoleResponse(r.Key, Title(r.Title, current.Languages) ?? r.Key, r.BundleKey))]);
    }

    // A plain text, or one per language.
    private static string? Title(string? json, IReadOnlyList<string> languages)
    {
        if (json is null) return null;
        var title = JsonSerializer.Deserialize<JsonElement>(json);
        if (title.ValueKind == JsonValueKind.String) return title.GetString();
        var texts = title.Deserialize<Dictionary<string, string>>()!;
        return new Text(texts.Values.First(), texts).In([.. languages, "en"]);
    }
}

internal sealed record RoleResponse(string Key, string Title, string? Bundle);
