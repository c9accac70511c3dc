using System.ComponentModel.DataAnnotations;
using Crm.Entities;
using Crm.Entities.Accounts;
using Crm.Host.Authentication;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Accounts;

internal static class ChangePassword // POST /me/password
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/me/password", Handle).WithName(nameof(ChangePassword))
        .WithSummary("Changes one's own password; all other sessions of the account end, in every workspace")
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Body<ChangePasswordRequest> body, HttpContext http, CrmDbContext db, AccountWrites writes, Passwords passwords, SignInAttempts attempts, Callers callers, CancellationToken ct)
    {
        var request = body.Value;
        if (await db.FindAccountAsync(writes.Actor.Id, ct) is not { } account) return Problems.Conflict("This user has no account, and so no password.");
        // Who has found an open session may not guess here faster than at the door.
        if (await attempts.CountAsync(account.Email, ct) is { } wait) return AccountProblems.Wait(http, wait);
        if (!passwords.Matches(account.PasswordHash, request.CurrentPassword)) return Problems.Faulty([new("/currentPassword", "wrong-password", "This is not the password.")]);
        await attempts.ForgetAsync(account.Email, ct);
        if (Passwords.Check(request.NewPassword, account.Email, "/newPassword") is { } fault) return Problems.Faulty([fault]);
        var session = SignedIn.Session(http);
        if (!await db.ChangePasswordAsync(writes.Actor.Id, account.PasswordHash, passwords.Hash(request.NewPassword), session, writes.Now, ct)) return Problems.Conflict("The password was changed at the same moment.");
        callers.ForgetWithAnswer(http, c => c.Session is not null);
        await writes.TellAsync("crm.user.password-changed", "user", writes.Actor.Id, ct);
        return TypedResults.NoContent();
    }
}

internal sealed record ChangePasswordRequest([property: Required, StringLength(Passwords.Longest)] string CurrentPassword, [property: Required, NewPassword] string NewPassword);
