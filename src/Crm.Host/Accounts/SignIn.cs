using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Entities;
using Crm.Entities.Accounts;
using Crm.Host.Authentication;
using Crm.Host.OpenApi;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Crm.Host.Accounts;

internal static class SignIn // POST /sign-in?cookie=
{
    private const string Wrong = "E-mail address or password is wrong.";

    public static void Map(IEndpointRouteBuilder strangers) => strangers.MapPost("/sign-in", Handle).WithName(nameof(SignIn))
        .WithSummary("Signs in with e-mail and password: for tokens, or for the browser's cookie, which is answered 204")
        .Produces<AccessTokenResponse>().Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status409Conflict)
        .AddOpenApiOperationTransformer((operation, context, _) =>
        {
            operation.Responses!["409"].Content!["application/problem+json"].Schema = new OpenApiSchemaReference(HostProblemSchemas.ChooseWorkspace, context.Document);
            return Task.CompletedTask;
        });

    private static async Task<Results<SignInHttpResult, NoContent, ProblemHttpResult>> Handle(
        [Description("Whether to sign a browser in by cookie.")] bool? cookie, Body<SignInRequest> body, HttpContext http, CrmDbContext db, Passwords passwords, SignInAttempts attempts, IOptions<SignInOptions> options, TimeProvider time, CancellationToken ct)
    {
        var (request, byCookie) = (body.Value, cookie ?? body.Value.Cookie ?? false);
        if (byCookie && http.Request.Headers.ContainsKey("Origin") && !Scopes.IsSameOrigin(http.Request)) return Problems.Forbidden("Another site sent this.");
        if (await attempts.CountAsync(request.Email, ct) is { } wait) return AccountProblems.Wait(http, wait);
        var logins = await db.FindLoginAsync(request.Email, ct);
        if (!passwords.Matches(logins.FirstOrDefault()?.PasswordHash, request.Password)) return AccountProblems.Unauthorized(Wrong);
        await attempts.ForgetAsync(request.Email, ct);

        var memberships = logins.Where(l => l.WorkspaceId is { } id && (request.Workspace ?? id) == id).ToList();
        if (memberships.Count == 0) return AccountProblems.Unauthorized(Wrong);
        if (memberships.Count > 1) return AccountProblems.ChooseWorkspace(memberships);
        if (await StartAsync(db, memberships[0], time.GetUtcNow(), options.Value.Session, ct) is not { } ticket) return AccountProblems.Unauthorized(Wrong);
        if (!byCookie) return TypedResults.SignIn(ticket.ToPrincipal(), authenticationScheme: BearerTokenDefaults.AuthenticationScheme);
        await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, ticket.ToPrincipal());
        return TypedResults.NoContent();
    }

    private static async Task<SessionTicket?> StartAsync(CrmDbContext db, Login login, DateTimeOffset now, TimeSpan lifetime, CancellationToken ct)
    {
        var workspace = login.WorkspaceId!.Value;
        await using var transaction = await db.Database.BeginWorkspaceAsync(workspace, ct);
        // The password may have been changed since it was looked at; who changes it from here on ends this session too.
        if (!await db.HoldPasswordAsync(login.AccountId, login.PasswordHash, ct)) return null;
        await db.Sessions.Where(s => s.UserId == login.UserId && s.ExpiresAt < now).ExecuteDeleteAsync(ct);
        var session = new Session { WorkspaceId = workspace, Id = Guid.CreateVersion7(now), UserId = login.UserId!.Value, CreatedAt = now, ExpiresAt = now + lifetime };
        db.Sessions.Add(session);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new(workspace, session.Id, session.Generation);
    }
}

/// <summary>Who signs in.</summary>
/// <param name="Email">The account's address.</param>
/// <param name="Password">The account's password.</param>
/// <param name="Workspace">Needed of who is a member of several.</param>
/// <param name="Cookie">Whether to sign a browser in by cookie; the same as <c>?cookie=</c>.</param>
internal sealed record SignInRequest(
    [property: Required, StringLength(254)] string Email, [property: Required, StringLength(Passwords.Longest)] string Password, Guid? Workspace = null, bool? Cookie = null);
