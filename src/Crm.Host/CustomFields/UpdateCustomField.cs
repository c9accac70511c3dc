using Crm.Entities.CustomFields;
using Crm.Host.Records;
using Crm.Wfm;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.CustomFields;

internal static class UpdateCustomField // PATCH /custom-fields/{id}
{
    public static void Map(IEndpointRouteBuilder admins) => admins.MapPatch("/{id:guid}", Handle).WithName(nameof(UpdateCustomField))
        .WithSummary("Changes a field's words, options, and whether it is required or filterable; values that an option is taken from stay")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<CustomFieldResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<CustomFieldFields> patch, CurrentRequest current, RecordWrites writes, CancellationToken ct)
    {
        var (field, problem) = await writes.FindAsync<CustomField>(id, patch.Version, ct);
        if (field is null) return problem!;
        if (patch.Apply(CustomFieldFields.Of(field), out var faults) is not { } fields) return Problems.Faulty(faults);
        if (Fixed(field, fields) is { Count: > 0 } changed) return Problems.Faulty(changed);
        fields.Write(field);
        return await writes.SaveAsync(field, ct) is { } refused ? refused : TypedResults.Ok(CustomFieldResponse.Of(field, current.Languages));
    }

    private static List<Fault> Fixed(CustomField field, CustomFieldFields fields) =>
        [.. from m in new[] { ("recordType", field.RecordType, fields.RecordType), ("key", field.Key, fields.Key), ("kind", field.Kind, fields.Kind) }
            where m.Item2 != m.Item3 select new Fault("/" + m.Item1, "read-only", "stays as it was made; make another field")];
}
