using Crm.Entities;
using Crm.Entities.Views;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Views;

internal static class UpdateView // PATCH /views/{id}
{
    public static void Map(IEndpointRouteBuilder views) => views.MapPatch("/{id:guid}", Handle).WithName(nameof(UpdateView))
        .WithSummary("Changes a view of one's own: what is sent is changed")
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Finds why somebody may not change a view: one that is another's own is not there at all, a shared one is left to its owner.</summary>
    public static async Task<ProblemHttpResult?> RefuseAsync(CrmDbContext db, Guid id, Guid user, CancellationToken ct)
    {
        var owner = await db.Views.SeenBy(user).Where(v => v.Id == id).Select(v => (Guid?)v.OwnerId).SingleOrDefaultAsync(ct);
        if (owner is null) return Problems.NotFound("view");
        return owner == user ? null : Problems.Forbidden("A shared view is changed by its owner.");
    }

    private static async Task<Results<Ok<ViewResponse>, ProblemHttpResult>> Handle(Guid id, MergePatch<ViewFields> patch, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        if (await RefuseAsync(db, id, writes.Actor.Id, ct) is { } forbidden) return forbidden;
        var (view, problem) = await writes.FindAsync<SavedView>(id, patch.Version, ct);
        if (view is null) return problem!;
        if (patch.Apply(ViewFields.Of(view), out var faults) is not { } fields) return Problems.Faulty(faults);
        if (await ViewQueries.CheckAsync(db, view.RecordType, fields.Query, fields.Columns, ct) is { Count: > 0 } wrong) return Problems.Faulty(wrong);
        fields.Write(view);
        return await writes.SaveAsync(view, ct) is { } refused ? refused : TypedResults.Ok(await GetView.ReadAsync(db, id, writes.Actor.Id, ct));
    }
}
