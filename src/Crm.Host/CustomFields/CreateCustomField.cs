using Crm.Entities;
using Crm.Entities.CustomFields;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.CustomFields;

internal static class CreateCustomField // POST /custom-fields
{
    public static void Map(IEndpointRouteBuilder admins) => admins.MapPost("", Handle).WithName(nameof(CreateCustomField))
        .WithSummary("Gives records of one type a field").WithIdempotencyKey("custom-fields");

    private static async Task<Results<Created<CustomFieldResponse>, ProblemHttpResult>> Handle(
        Body<CustomFieldFields> body, HttpContext http, CurrentRequest current, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var fields = body.Value;
        var field = new CustomField { WorkspaceId = writes.Workspace, Id = writes.NewId(), RecordType = fields.RecordType, Key = fields.Key, Kind = fields.Kind, Title = "" };
        fields.Write(field);
        db.CustomFields.Add(field);
        if (await writes.SaveAsync(field, ct) is { } problem) return problem;
        http.Response.Headers.Location = $"{http.Request.Path}/{field.Id}"; // here, not by the result: HttpIdempotency keeps it
        return TypedResults.Created((string?)null, CustomFieldResponse.Of(field, current.Languages));
    }
}
