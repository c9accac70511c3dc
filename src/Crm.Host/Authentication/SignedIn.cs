using System.Globalization;
using System.Security.Claims;
using Crm.Wfm.Moves;

namespace Crm.Host.Authentication;

/// <summary>Who came in and with what: what the database says of an API key or a session.</summary>
/// <param name="Workspace">The workspace of every request.</param>
/// <param name="User">The user who acts.</param>
/// <param name="Session">The session; <c>null</c> with an API key.</param>
/// <param name="Roles">Role keys.</param>
/// <param name="Scopes">What may be done at all.</param>
/// <param name="ExpiresAt">When key or session ends by itself; <c>null</c> for never.</param>
internal sealed record Caller(Guid Workspace, Guid User, Guid? Session, IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt)
{
    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
    [
        new(SignedIn.UserClaim, User.ToString()), new(SignedIn.WorkspaceClaim, Workspace.ToString()),
        .. Session is { } session ? [new Claim(SignedIn.SessionClaim, session.ToString())] : Array.Empty<Claim>(),
        .. Roles.Select(r => new Claim(SignedIn.RoleClaim, r)), .. Scopes.Select(s => new Claim(SignedIn.ScopeClaim, s)),
    ], scheme, SignedIn.UserClaim, SignedIn.RoleClaim));
}

/// <summary>What tokens and cookies say: which session, and which of its refresh tokens. All else is looked up, so that it can be taken back.</summary>
internal sealed record SessionTicket(Guid Workspace, Guid Session, int Generation)
{
    private const string GenerationClaim = "generation";

    public static SessionTicket? Of(ClaimsPrincipal? principal) =>
        Guid.TryParse(principal?.FindFirstValue(SignedIn.WorkspaceClaim), out var workspace) && Guid.TryParse(principal.FindFirstValue(SignedIn.SessionClaim), out var session)
        && int.TryParse(principal.FindFirstValue(GenerationClaim), CultureInfo.InvariantCulture, out var generation) ? new(workspace, session, generation) : null;

    public ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
    [
        new(SignedIn.WorkspaceClaim, Workspace.ToString()), new(SignedIn.SessionClaim, Session.ToString()), new(GenerationClaim, Generation.ToString(CultureInfo.InvariantCulture)),
    ], SessionAuthentication.Scheme));
}

/// <summary>Reads who came in from a request.</summary>
internal static class SignedIn
{
    public const string UserClaim = "sub";
    public const string WorkspaceClaim = "workspace";
    public const string SessionClaim = "session";
    public const string RoleClaim = "role";
    public const string ScopeClaim = "scope";

    public static Guid Workspace(HttpContext http) => Guid.Parse(http.User.FindFirstValue(WorkspaceClaim)!);

    /// <summary>Finds the workspace of whoever came in, the default one for nobody.</summary>
    public static Guid? WorkspaceOrDefault(HttpContext http) => Guid.TryParse(http.User.FindFirstValue(WorkspaceClaim), out var id) ? id : Wfm.Workspace.Default;

    public static Actor? Actor(HttpContext http) => http.User.FindFirstValue(UserClaim) is { } id ? new(Guid.Parse(id), [.. http.User.FindAll(RoleClaim).Select(c => c.Value)]) : null;

    /// <summary>Finds the session; <c>null</c> when an API key came in.</summary>
    public static Guid? Session(HttpContext http) => http.User.FindFirstValue(SessionClaim) is { } id ? Guid.Parse(id) : null;

    public static IReadOnlyList<string> Scopes(HttpContext http) => [.. http.User.FindAll(ScopeClaim).Select(c => c.Value)];
}
