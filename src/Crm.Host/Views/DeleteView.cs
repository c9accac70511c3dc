using Crm.Entities;
using Crm.Entities.Views;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Views;

internal static class DeleteView // DELETE /views/{id}
{
    public static void Map(IEndpointRouteBuilder views) => views.MapDelete("/{id:guid}", Handle).WithName(nameof(DeleteView)).WithSummary("Deletes a view of one's own")
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).WithIfMatch();

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await UpdateView.RefuseAsync(db, id, writes.Actor.Id, ct) is { } forbidden ? forbidden : await writes.DeleteAsync<SavedView>(id, ct);
}
