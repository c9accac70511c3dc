using System.ComponentModel.DataAnnotations;
using Crm.Entities;
using Crm.Host.Authentication;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Crm.Host.Accounts;

internal static partial class Refresh // POST /refresh
{
    public static void Map(IEndpointRouteBuilder strangers) => strangers.MapPost("/refresh", Handle).WithName("RefreshTokens")
        .WithSummary("Gives new tokens for a refresh token, once; one that comes a second time was stolen by somebody, and the session ends")
        .Produces<AccessTokenResponse>();

    private static async Task<Results<SignInHttpResult, ProblemHttpResult>> Handle(
        Body<RefreshRequest> body, HttpContext http, CrmDbContext db, Callers callers, IOptionsMonitor<BearerTokenOptions> tokens, IOptions<SignInOptions> options, TimeProvider time,
        ILogger<Callers> logger, CancellationToken ct)
    {
        var (now, sent) = (time.GetUtcNow(), tokens.Get(BearerTokenDefaults.AuthenticationScheme).RefreshTokenProtector.Unprotect(body.Value.RefreshToken));
        if (sent is null || sent.Properties.ExpiresUtc <= now || SessionTicket.Of(sent.Principal) is not { } ticket) return AccountProblems.Unauthorized("The refresh token is not good.");
        await using var transaction = await db.Database.BeginWorkspaceAsync(ticket.Workspace, ct);
        var session = db.Sessions.Where(s => s.Id == ticket.Session && s.ExpiresAt > now && db.Users.Any(u => u.Id == s.UserId && u.IsActive));
        // Two at once queue up for the row: the second finds another generation.
        var refreshed = await session.Where(s => s.Generation == ticket.Generation)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.Generation, x => x.Generation + 1).SetProperty(x => x.ExpiresAt, now + options.Value.Session), ct);
        if (refreshed == 0 && await session.ExecuteDeleteAsync(ct) > 0) LogStolen(logger, ticket.Session);
        await transaction.CommitAsync(ct);
        callers.ForgetWithAnswer(http, c => c.Session == ticket.Session);
        if (refreshed == 0) return AccountProblems.Unauthorized("The refresh token is not good.");
        return TypedResults.SignIn((ticket with { Generation = ticket.Generation + 1 }).ToPrincipal(), authenticationScheme: BearerTokenDefaults.AuthenticationScheme);
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "A refresh token of session {Session} came a second time: somebody has stolen one. The session has ended.")]
    private static partial void LogStolen(ILogger logger, Guid session);
}

internal sealed record RefreshRequest([property: Required, StringLength(4000)] string RefreshToken);
