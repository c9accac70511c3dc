using Crm.Entities;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Users;

internal static class ListUsers // GET /users?after=&limit=
{
    public static void Map(IEndpointRouteBuilder users) => users.MapGet("", Handle).WithName(nameof(ListUsers)).WithSummary("Lists the users of the workspace by id");

    private static async Task<Results<Ok<Page<UserResponse>>, ProblemHttpResult>> Handle(Guid? after, int? limit, CrmDbContext db, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        var rows = after is { } last ? db.Users.Where(u => u.Id > last) : db.Users;
        var items = await rows.OrderBy(u => u.Id).Take(Pages.Size(limit) + 1).Select(UserResponse.From(db.Invitations)).ToListAsync(ct);
        return TypedResults.Ok(Pages.Of(items, limit, u => u.Id.ToString(), u => u));
    }
}
