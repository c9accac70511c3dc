using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Crm.Entities.ApiKeys;
using Crm.Host.Database;
using Crm.Wfm.Moves;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Crm.Host.Authentication;

/// <summary>Signs a request in by <c>Authorization: Bearer crm_…</c>. A key found is remembered for 30 seconds: so long can one that was revoked still be used.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CrmDatabase database, IMemoryCache cache)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "ApiKey";

    private const string WorkspaceClaim = "workspace";
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private sealed record Found(Guid Workspace, Guid User, byte[] SecretHash, string[] Roles);

    public static Guid Workspace(HttpContext http) => Guid.Parse(http.User.FindFirstValue(WorkspaceClaim)!);

    public static Actor? Actor(HttpContext http) => http.User.FindFirstValue("sub") is { } id ? new(Guid.Parse(id), [.. http.User.FindAll("role").Select(c => c.Value)]) : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        if (ApiKeyText.Parse(header[7..].Trim()) is not { } key) return AuthenticateResult.Fail("This is no API key.");
        var found = await cache.GetOrCreateAsync(key.Id, entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = Remembered;
            return FindAsync(key.Id, Context.RequestAborted);
        });
        if (found is null || !CryptographicOperations.FixedTimeEquals(found.SecretHash, key.SecretHash)) return AuthenticateResult.Fail("The API key is not known.");
        var identity = new ClaimsIdentity(
            [new("sub", found.User.ToString()), new(WorkspaceClaim, found.Workspace.ToString()), .. found.Roles.Select(r => new Claim("role", r))], Scheme, "sub", "role");
        return AuthenticateResult.Success(new(new(identity), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return TypedResults.Problem("Send an API key: Authorization: Bearer crm_…", statusCode: StatusCodes.Status401Unauthorized,
            type: "urn:crm-wfm:problem:unauthorized", title: "Unauthorized").ExecuteAsync(Context);
    }

    private async Task<Found?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var command = database.Source.CreateCommand("select workspace_id, user_id, secret_hash, roles from crm.find_api_key($1)");
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new(reader.GetGuid(0), reader.GetGuid(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<string[]>(3)) : null;
    }
}
