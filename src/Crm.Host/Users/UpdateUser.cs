using System.ComponentModel.DataAnnotations;
using Crm.Entities;
using Crm.Entities.Users;
using Crm.Host.Accounts;
using Crm.Host.Authentication;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Users;

internal static class UpdateUser // PATCH /users/{id}
{
    public static void Map(IEndpointRouteBuilder users) => users.MapPatch("/{id:guid}", Handle).WithName(nameof(UpdateUser))
        .WithSummary("Changes a user's name or roles: admins everybody's, others their own name")
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> Handle(
        Guid id, Body<UpdateUserRequest> body, HttpContext http, CrmDbContext db, AccountWrites writes, Callers callers, CancellationToken ct)
    {
        var request = body.Value;
        if (!writes.IsAdmin && (id != writes.Actor.Id || request.Roles is not null)) return Problems.Forbidden($"This needs the role {Roles.Admin}.");
        if (ETags.Version(http, request.Version, out var fault) is not { } version) return Problems.Faulty([fault!]);
        if (await db.RoleFaultsAsync(request.Roles, ct) is { Count: > 0 } faults) return Problems.Faulty(faults);
        if (await db.Users.SingleOrDefaultAsync(u => u.Id == id, ct) is not { } user) return Problems.NotFound("user");
        if (user.Version != version) return Problems.Stale("user", user.Version);
        var roles = request.Roles?.Distinct().ToArray() ?? user.Roles;
        if (user.Roles.Contains(Roles.Admin) && !roles.Contains(Roles.Admin) && !await writes.HasAnotherAdminAsync(db, id, ct)) return Problems.Conflict("The last admin stays one.");

        string[] changed = [.. request.Name is { } name && name != user.Name ? ["name"] : Array.Empty<string>(), .. roles.SequenceEqual(user.Roles) ? Array.Empty<string>() : ["roles"]];
        if (changed.Length > 0)
        {
            (user.Name, user.Roles) = (request.Name ?? user.Name, roles);
            user.Touch(writes.Actor, writes.Now);
            if (await writes.SaveAsync(ct) is { } problem) return problem;
            callers.ForgetWithAnswer(http, c => c.User == id);
            await writes.TellAsync("crm.user.updated", "user", id, ct, [("changed", AccountWrites.Texts(changed)), ("roles", AccountWrites.Texts(roles))]);
        }

        return TypedResults.Ok(await GetUser.ReadAsync(db, http, id, ct));
    }
}

internal sealed record UpdateUserRequest(
    [property: StringLength(200, MinimumLength = 1)] string? Name = null, [property: MaxLength(100)] IReadOnlyList<string>? Roles = null, [property: Range(0, int.MaxValue)] int? Version = null);
