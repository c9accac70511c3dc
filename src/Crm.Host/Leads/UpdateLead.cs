using Crm.Entities;
using Crm.Entities.Leads;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Leads;

internal static class UpdateLead // PATCH /leads/{id}
{
    public static void Map(IEndpointRouteBuilder leads) => leads.MapPatch("/{id:guid}", Handle).WithName(nameof(UpdateLead))
        .WithSummary("Changes a lead: what is sent is changed, null clears; another ownerId assigns it")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<LeadResponse>, ProblemHttpResult>> Handle(Guid id, MergePatch<LeadFields> patch, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.UpdateAsync<Lead, LeadFields>(id, patch, ct) is { } problem ? problem : TypedResults.Ok(await GetLead.ReadAsync(db, id, ct));
}
