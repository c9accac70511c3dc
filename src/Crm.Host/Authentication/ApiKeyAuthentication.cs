using System.Text.Encodings.Web;
using Crm.Entities.ApiKeys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Crm.Host.Authentication;

/// <summary>Signs a request in by <c>Authorization: Bearer crm_…</c>; and answers for all schemes whoever may not come in, so that all refusals look the same.</summary>
internal sealed class ApiKeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Callers callers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "ApiKey";

    /// <summary>Finds what follows <c>Bearer</c>; <c>null</c> when nothing of that kind was sent.</summary>
    public static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Bearer(Request) is not { } text) return AuthenticateResult.NoResult();
        if (ApiKeyText.Parse(text) is not { } key) return AuthenticateResult.Fail("This is no API key.");
        return await callers.FindAsync(key, Context.RequestAborted) is { } caller
            ? AuthenticateResult.Success(new(caller.ToPrincipal(Scheme), Scheme))
            : AuthenticateResult.Fail("The API key is not good.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return TypedResults.Problem("Sign in, or send an API key: Authorization: Bearer crm_…", statusCode: StatusCodes.Status401Unauthorized,
            type: "urn:crm-wfm:problem:unauthorized", title: "Unauthorized").ExecuteAsync(Context);
    }
}
