using System.ComponentModel.DataAnnotations;
using Crm.Entities;
using Crm.Entities.Accounts;
using Crm.Host.Accounts;
using Crm.Host.Authentication;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Users;

internal static class ResetPassword // POST /users/{id}/password
{
    public static void Map(IEndpointRouteBuilder admins) => admins.MapPost("/{id:guid}/password", Handle).WithName(nameof(ResetPassword))
        .WithSummary("Gives a user another password; all their sessions end. Not where the account is a member of other workspaces too, nor one's own")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Body<ResetPasswordRequest> body, HttpContext http, CrmDbContext db, AccountWrites writes, Passwords passwords, Callers callers, CancellationToken ct)
    {
        if (await GetUser.ReadAsync(db, http, id, ct) is null) return Problems.NotFound("user");
        if (id == writes.Actor.Id) return Problems.Conflict("One's own password is changed by who knows it: POST /me/password.");
        if (await db.FindAccountAsync(id, ct) is not { } account) return Problems.Conflict("This user has no account, and so no password.");
        if (Passwords.Check(body.Value.Password, account.Email, "/password") is { } fault) return Problems.Faulty([fault]);
        if (!await db.ResetPasswordAsync(id, passwords.Hash(body.Value.Password), writes.Now, ct)) return Problems.Conflict("This account is a member of other workspaces too: only its holder changes its password.");
        callers.ForgetWithAnswer(http, c => c.User == id);
        await writes.TellAsync("crm.user.password-reset", "user", id, ct);
        return TypedResults.NoContent();
    }
}

internal sealed record ResetPasswordRequest([property: Required, NewPassword] string Password);
