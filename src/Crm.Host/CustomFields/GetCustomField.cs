using Crm.Entities;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.CustomFields;

internal static class GetCustomField // GET /custom-fields/{id}
{
    public static void Map(IEndpointRouteBuilder fields) =>
        fields.MapGet("/{id:guid}", Handle).WithName(nameof(GetCustomField)).WithSummary("Shows a custom field, an archived one too").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<CustomFieldResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, CurrentRequest current, CrmDbContext db, CancellationToken ct)
    {
        if (await db.CustomFields.IgnoreQueryFilters().AsNoTracking().SingleOrDefaultAsync(f => f.Id == id, ct) is not { } field) return Problems.NotFound("custom field");
        http.Response.Headers.ETag = ETags.Of(field.Version);
        return TypedResults.Ok(CustomFieldResponse.Of(field, current.Languages));
    }
}
