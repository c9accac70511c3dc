using System.ComponentModel.DataAnnotations;
using Crm.Entities;
using Crm.Entities.Users;
using Crm.Host.Accounts;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Users;

internal static class InviteUser // POST /users/invite, POST /users/{id}/invite
{
    private static readonly TimeSpan Valid = TimeSpan.FromDays(7);

    public static void Map(IEndpointRouteBuilder admins)
    {
        admins.MapPost("/invite", Handle).WithName(nameof(InviteUser))
            .WithSummary("Invites somebody: makes a user and a token, good for seven days and one time, to be handed to them").ProducesProblem(StatusCodes.Status409Conflict);
        admins.MapPost("/{id:guid}/invite", HandleAgain).WithName("InviteUserAgain")
            .WithSummary("Makes another token for somebody who was invited; the one before is good no more")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Created<InvitationResponse>, ProblemHttpResult>> Handle(
        Body<InviteUserRequest> body, HttpContext http, CrmDbContext db, AccountWrites writes, CancellationToken ct)
    {
        var request = body.Value;
        if (await db.RoleFaultsAsync(request.Roles, ct) is { Count: > 0 } faults) return Problems.Faulty(faults);
        var user = new User
        {
            WorkspaceId = writes.Workspace,
            Id = Guid.CreateVersion7(writes.Now),
            Name = request.Name ?? request.Email.Split('@')[0],
            Email = request.Email,
            Roles = [.. (request.Roles ?? []).Distinct()],
            CreatedAt = writes.Now,
            CreatedBy = writes.Actor.Id,
        };
        db.Users.Add(user);
        var (token, expiresAt) = await InviteAsync(db, user.Id, writes, ct);
        if (await writes.SaveAsync(ct) is { } problem) return problem;
        await writes.TellAsync("crm.user.invited", "user", user.Id, ct, [("roles", AccountWrites.Texts(user.Roles))]);
        return TypedResults.Created($"/api/v1/users/{user.Id}", new InvitationResponse((await GetUser.ReadAsync(db, http, user.Id, ct))!, token, expiresAt));
    }

    private static async Task<Results<Ok<InvitationResponse>, ProblemHttpResult>> HandleAgain(Guid id, HttpContext http, CrmDbContext db, AccountWrites writes, CancellationToken ct)
    {
        if (await GetUser.ReadAsync(db, http, id, ct) is not { } user) return Problems.NotFound("user");
        if (user.Status != "invited") return Problems.Conflict("Only who has not yet accepted an invitation is invited again.");
        var (token, expiresAt) = await InviteAsync(db, id, writes, ct);
        if (await writes.SaveAsync(ct) is { } problem) return problem;
        await writes.TellAsync("crm.user.invited", "user", id, ct, [("roles", AccountWrites.Texts(user.Roles))]);
        return TypedResults.Ok(new InvitationResponse(user, token, expiresAt));
    }

    private static async Task<(string Token, DateTimeOffset ExpiresAt)> InviteAsync(CrmDbContext db, Guid user, AccountWrites writes, CancellationToken ct)
    {
        var token = InvitationToken.Create(writes.Workspace, user);
        await db.Invitations.Where(i => i.UserId == user).ExecuteDeleteAsync(ct);
        var invitation = new Invitation { WorkspaceId = writes.Workspace, UserId = user, SecretHash = token.SecretHash, ExpiresAt = writes.Now + Valid, CreatedAt = writes.Now, CreatedBy = writes.Actor.Id };
        db.Invitations.Add(invitation);
        return (token.ToString(), invitation.ExpiresAt);
    }
}

internal sealed record InviteUserRequest(
    [property: Required, MailAddress] string Email, [property: StringLength(200, MinimumLength = 1)] string? Name = null, [property: MaxLength(100)] IReadOnlyList<string>? Roles = null);

/// <summary>An invitation.</summary>
/// <param name="User">The user it makes.</param>
/// <param name="Token">What <c>POST /invitations/accept</c> takes; shown this once.</param>
/// <param name="ExpiresAt">Until when.</param>
internal sealed record InvitationResponse(UserResponse User, string Token, DateTimeOffset ExpiresAt);
