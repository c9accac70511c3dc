using Crm.Entities;
using Crm.Entities.Views;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Views;

internal static class GetView // GET /views/{id}
{
    public static void Map(IEndpointRouteBuilder views) =>
        views.MapGet("/{id:guid}", Handle).WithName(nameof(GetView)).WithSummary("Shows a saved view").ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>Keeps the views somebody sees: their own, and those that are shared.</summary>
    public static IQueryable<SavedView> SeenBy(this IQueryable<SavedView> views, Guid user) => views.Where(v => v.IsShared || v.OwnerId == user);

    public static Task<ViewResponse?> ReadAsync(CrmDbContext db, Guid id, Guid user, CancellationToken ct) =>
        db.Views.AsNoTracking().SeenBy(user).Where(v => v.Id == id).Select(ViewResponse.Projection).SingleOrDefaultAsync(ct);

    private static async Task<Results<Ok<ViewResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, CurrentRequest current, CrmDbContext db, CancellationToken ct)
    {
        if (await ReadAsync(db, id, current.Actor.Id, ct) is not { } view) return Problems.NotFound("view");
        http.Response.Headers.ETag = ETags.Of(view.Version);
        return TypedResults.Ok(view);
    }
}
