using Crm.Entities;
using Crm.Host.Authentication;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Accounts;

internal static class SignOut // POST /sign-out
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/sign-out", Handle).WithName(nameof(SignOut))
        .WithSummary("Ends the session: its tokens and its cookie are good no more").ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(HttpContext http, CrmDbContext db, Callers callers, CancellationToken ct)
    {
        if (SignedIn.Session(http) is not { } session) return Problems.Conflict("An API key has no session; revoke the key.");
        await db.Sessions.Where(s => s.Id == session).ExecuteDeleteAsync(ct);
        callers.ForgetWithAnswer(http, c => c.Session == session);
        if (SessionAuthentication.IsByCookie(http.Request)) await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.NoContent();
    }
}
