using Crm.Entities;
using Crm.Host.Accounts;
using Crm.Host.Authentication;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.ApiKeys;

internal static class RevokeApiKey // DELETE /api-keys/{id}
{
    public static void Map(IEndpointRouteBuilder keys) => keys.MapDelete("/{id:guid}", Handle).WithName(nameof(RevokeApiKey))
        .WithSummary("Revokes an API key: one's own, or as an admin anybody's").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, CrmDbContext db, AccountWrites writes, Callers callers, CancellationToken ct)
    {
        var key = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == id, ct);
        if (key is null || (key.UserId != writes.Actor.Id && !writes.IsAdmin)) return Problems.NotFound("API key");
        if (key.RevokedAt is not null) return TypedResults.NoContent();
        key.RevokedAt = writes.Now;
        if (await writes.SaveAsync(ct) is { } problem) return problem;
        callers.ForgetWithAnswer(http, c => c.User == key.UserId && c.Session is null);
        await writes.TellAsync("crm.api-key.revoked", "api-key", id, ct);
        return TypedResults.NoContent();
    }
}
