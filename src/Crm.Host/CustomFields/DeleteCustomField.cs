using Crm.Entities;
using Crm.Entities.CustomFields;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.CustomFields;

internal static class DeleteCustomField // DELETE /custom-fields/{id}
{
    public static void Map(IEndpointRouteBuilder admins) => admins.MapDelete("/{id:guid}", Handle).WithName(nameof(DeleteCustomField))
        .WithSummary("Deletes a field no record has a value of (204); archives one that is used (200): values stay, new ones are refused")
        .ProducesProblem(StatusCodes.Status404NotFound).WithIfMatch();

    private static async Task<Results<NoContent, Ok<CustomFieldResponse>, ProblemHttpResult>> Handle(
        Guid id, CurrentRequest current, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var (field, problem) = await writes.FindAsync<CustomField>(id, null, ct);
        if (field is null) return problem!;
        var used = await db.Database.SqlQuery<bool>($"select crm.is_custom_used({id}) as \"Value\"").SingleAsync(ct);
        if (used) field.DeletedAt = writes.Now();
        else db.CustomFields.Remove(field);
        if (await writes.SaveAsync(field, ct) is { } refused) return refused;
        return used ? TypedResults.Ok(CustomFieldResponse.Of(field, current.Languages)) : TypedResults.NoContent();
    }
}
