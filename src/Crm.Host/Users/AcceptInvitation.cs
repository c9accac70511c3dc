using System.ComponentModel.DataAnnotations;
using Crm.Entities;
using Crm.Entities.Accounts;
using Crm.Entities.Users;
using Crm.Host.Accounts;
using Crm.Wfm;
using Crm.Wfm.Events;
using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Users;

internal static class AcceptInvitation // POST /invitations/accept
{
    public static void Map(IEndpointRouteBuilder strangers) => strangers.MapPost("/invitations/accept", Handle).WithName(nameof(AcceptInvitation))
        .WithSummary("Accepts an invitation: the address gets an account with this password, or the one it has is shown to be one's own by its password")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<AcceptedResponse>, ProblemHttpResult>> Handle(
        Body<AcceptInvitationRequest> body, HttpContext http, CrmDbContext db, CurrentWorkspace workspace, Passwords passwords, SignInAttempts attempts, EventEmitter events, TimeProvider time, CancellationToken ct)
    {
        var (request, now) = (body.Value, time.GetUtcNow());
        if (InvitationToken.Parse(request.Token) is not { } token) return Problems.NotFound("invitation");
        workspace.Id = token.WorkspaceId;
        await using var transaction = await db.Database.BeginWorkspaceAsync(token.WorkspaceId, ct);
        // Two at once queue up for the row: the second finds none, unless the first is undone.
        var taken = await db.Invitations.Where(i => i.UserId == token.UserId && i.SecretHash == token.SecretHash && i.ExpiresAt > now).ExecuteDeleteAsync(ct);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Id == token.UserId && u.IsActive, ct);
        if (taken == 0 || user is null) return Problems.NotFound("invitation");

        var login = (await db.FindLoginAsync(user.Email!, ct)).FirstOrDefault();
        if (login is null)
        {
            if (Passwords.Check(request.Password, user.Email!, "/password") is { } fault) return Problems.Faulty([fault]);
            user.AccountId = Guid.CreateVersion7(now);
            if (!await db.CreateAccountAsync(user.AccountId.Value, user.Email!, passwords.Hash(request.Password), now, ct)) return Problems.Conflict("The address got an account at the same moment; try again.");
        }
        else
        {
            if (await attempts.CountAsync(user.Email!, ct) is { } wait) return AccountProblems.Wait(http, wait);
            if (!passwords.Matches(login.PasswordHash, request.Password)) return AccountProblems.Unauthorized("The address has an account already: send its password.");
            await attempts.ForgetAsync(user.Email!, ct);
            user.AccountId = login.AccountId;
        }

        user.Name = request.Name ?? user.Name;
        user.Touch(new Actor(user.Id), now);
        await db.SaveChangesAsync(ct);
        await AccountWrites.TellAsync(events, "crm.user.joined", "user", user.Id, new Actor(user.Id), now, ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(new AcceptedResponse(token.WorkspaceId, user.Id, user.Email!));
    }
}

internal sealed record AcceptInvitationRequest(
    [property: Required, StringLength(200)] string Token, [property: Required, StringLength(Passwords.Longest)] string Password, [property: StringLength(200, MinimumLength = 1)] string? Name = null);

/// <summary>Where one has joined, and with which address to sign in.</summary>
internal sealed record AcceptedResponse(Guid Workspace, Guid User, string Email);
