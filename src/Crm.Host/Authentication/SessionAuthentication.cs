using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace Crm.Host.Authentication;

/// <summary>Signs a request in by an access token or the browser's cookie: both name a session, and what the session's row says counts.</summary>
internal sealed class SessionAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Callers callers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "Session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var named = await Context.AuthenticateAsync(IsByCookie(Request) ? CookieAuthenticationDefaults.AuthenticationScheme : BearerTokenDefaults.AuthenticationScheme);
        if (SessionTicket.Of(named.Principal) is not { } ticket) return named.None ? AuthenticateResult.NoResult() : AuthenticateResult.Fail("The token is not good.");
        return await callers.FindAsync(ticket, Context.RequestAborted) is { } caller
            ? AuthenticateResult.Success(new(caller.ToPrincipal(Scheme), Scheme))
            : AuthenticateResult.Fail("The session has ended.");
    }

    /// <summary>Tells whether it is the cookie that counts: a header goes before it.</summary>
    public static bool IsByCookie(HttpRequest request) => request.Headers.Authorization.Count == 0;
}
