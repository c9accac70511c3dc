using System.ComponentModel;
using Crm.Entities;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.CustomFields;

internal static class ListCustomFields // GET /custom-fields?recordType=&archived=
{
    public static void Map(IEndpointRouteBuilder fields) =>
        fields.MapGet("", Handle).WithName(nameof(ListCustomFields)).WithSummary("Lists custom fields in the order they were made, archived ones when asked for");

    // As many as a form has: no pages.
    private static async Task<Ok<List<CustomFieldResponse>>> Handle(
        [Description("Whose fields."), RecordType] string? recordType, [Description("Whether to list the archived ones instead.")] bool? archived, CurrentRequest current, CrmDbContext db, CancellationToken ct)
    {
        var fields = archived == true ? db.CustomFields.IgnoreQueryFilters().Where(f => f.DeletedAt != null) : db.CustomFields;
        if (recordType is not null) fields = fields.Where(f => f.RecordType == recordType);
        var rows = await fields.AsNoTracking().OrderBy(f => f.CreatedAt).ThenBy(f => f.Id).ToListAsync(ct);
        return TypedResults.Ok<List<CustomFieldResponse>>([.. rows.Select(f => CustomFieldResponse.Of(f, current.Languages))]);
    }
}
