using Crm.Entities;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Users;

internal static class GetUser // GET /users/{id}
{
    public static void Map(IEndpointRouteBuilder users) =>
        users.MapGet("/{id:guid}", Handle).WithName(nameof(GetUser)).WithSummary("Shows a user").ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>Reads a user for an answer, with its ETag.</summary>
    public static async Task<UserResponse?> ReadAsync(CrmDbContext db, HttpContext http, Guid id, CancellationToken ct)
    {
        var user = await db.Users.Where(u => u.Id == id).Select(UserResponse.From(db.Invitations)).SingleOrDefaultAsync(ct);
        if (user is not null) http.Response.Headers.ETag = ETags.Of(user.Version);
        return user;
    }

    private static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, CrmDbContext db, CancellationToken ct) =>
        await ReadAsync(db, http, id, ct) is { } user ? TypedResults.Ok(user) : Problems.NotFound("user");
}
