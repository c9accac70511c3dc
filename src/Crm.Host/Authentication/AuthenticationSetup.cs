using System.Globalization;
using System.Threading.RateLimiting;
using Crm.Host.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace Crm.Host.Authentication;

/// <summary>Three ways in, one door: API key, access token or cookie, by what is sent.</summary>
internal static class AuthenticationSetup
{
    /// <summary>The rate limit of what strangers may try.</summary>
    public const string SignInLimit = "sign-in";

    /// <summary>The cookie's name.</summary>
    public const string Cookie = "crm";

    private const string AnyScheme = "Crm";

    public static void AddCrmAuthentication(this IServiceCollection services)
    {
        services.AddSingleton<Callers>();
        services.AddAuthentication(AnyScheme)
            .AddPolicyScheme(AnyScheme, null, o =>
            {
                o.ForwardDefaultSelector = Choose;
                o.ForwardChallenge = o.ForwardForbid = ApiKeyAuthentication.Scheme;
            })
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Scheme, null)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.Scheme, null)
            .AddBearerToken()
            .AddCookie();
        services.AddOptions<BearerTokenOptions>(BearerTokenDefaults.AuthenticationScheme).Configure<IOptions<SignInOptions>>((o, signIn) =>
            (o.BearerTokenExpiration, o.RefreshTokenExpiration) = (signIn.Value.AccessToken, signIn.Value.Session));
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme).Configure<IOptions<SignInOptions>, IHostEnvironment>(ConfigureCookie);
        services.AddAuthorization();
        services.AddDataProtection().SetApplicationName("Crm");
        services.AddSingleton<DatabaseKeys>();
        services.AddOptions<KeyManagementOptions>().Configure<DatabaseKeys>((o, keys) => o.XmlRepository = keys);
        services.AddRateLimiter(o =>
        {
            o.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            o.OnRejected = (rejected, _) =>
            {
                if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)) rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
            o.AddPolicy(SignInLimit, http => RateLimitPartition.GetFixedWindowLimiter($"{http.Connection.RemoteIpAddress}", _ => new()
            {
                PermitLimit = http.RequestServices.GetRequiredService<IOptions<SignInOptions>>().Value.PerMinute,
                Window = TimeSpan.FromMinutes(1),
            }));
        });
    }

    private static string Choose(HttpContext http)
    {
        if (ApiKeyAuthentication.Bearer(http.Request) is { } text) return text.StartsWith("crm_", StringComparison.Ordinal) ? ApiKeyAuthentication.Scheme : SessionAuthentication.Scheme;
        return SessionAuthentication.IsByCookie(http.Request) ? SessionAuthentication.Scheme : ApiKeyAuthentication.Scheme;
    }

    private static void ConfigureCookie(CookieAuthenticationOptions options, IOptions<SignInOptions> signIn, IHostEnvironment environment)
    {
        options.Cookie.Name = Cookie;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        // Development is http on localhost. Elsewhere a proxy may have taken off the TLS: what the browser sees counts.
        options.Cookie.SecurePolicy = environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
        options.ExpireTimeSpan = signIn.Value.Session;
        options.SlidingExpiration = false;
    }
}
