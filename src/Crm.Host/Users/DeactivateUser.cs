using Crm.Entities;
using Crm.Entities.Users;
using Crm.Host.Accounts;
using Crm.Host.Authentication;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Users;

internal static class DeactivateUser // POST /users/{id}/deactivate, POST /users/{id}/reactivate
{
    public static void Map(IEndpointRouteBuilder admins)
    {
        admins.MapPost("/{id:guid}/deactivate", (Guid id, HttpContext http, CrmDbContext db, AccountWrites writes, Callers callers, CancellationToken ct) => SetAsync(id, false, http, db, writes, callers, ct))
            .WithIdempotencyKey("users/deactivate").WithName(nameof(DeactivateUser)).WithSummary("Lets a user in no more: sessions end, keys stop working; what they did and own stays theirs")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        admins.MapPost("/{id:guid}/reactivate", (Guid id, HttpContext http, CrmDbContext db, AccountWrites writes, Callers callers, CancellationToken ct) => SetAsync(id, true, http, db, writes, callers, ct))
            .WithIdempotencyKey("users/reactivate").WithName("ReactivateUser").WithSummary("Lets a user in again; keys that were not revoked work again")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> SetAsync(
        Guid id, bool active, HttpContext http, CrmDbContext db, AccountWrites writes, Callers callers, CancellationToken ct)
    {
        if (await db.Users.SingleOrDefaultAsync(u => u.Id == id, ct) is not { } user) return Problems.NotFound("user");
        if (user.IsActive != active)
        {
            if (!active && user.Roles.Contains(Roles.Admin) && !await writes.HasAnotherAdminAsync(db, id, ct)) return Problems.Conflict("The last admin stays.");
            user.IsActive = active;
            user.Touch(writes.Actor, writes.Now);
            if (await writes.SaveAsync(ct) is { } problem) return problem;
            if (!active) await db.Sessions.Where(s => s.UserId == id).ExecuteDeleteAsync(ct);
            callers.ForgetWithAnswer(http, c => c.User == id);
            await writes.TellAsync(active ? "crm.user.reactivated" : "crm.user.deactivated", "user", id, ct);
        }

        return TypedResults.Ok(await GetUser.ReadAsync(db, http, id, ct));
    }
}
