using System.ComponentModel.DataAnnotations;
using Crm.Entities;
using Crm.Entities.Accounts;
using Crm.Entities.Users;
using Crm.Host.Accounts;
using Crm.Wfm;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Users;

internal static class CreateUser // POST /users
{
    private const string HasAccount = "This address has an account already, whose password is its holder's: invite them.";

    public static void Map(IEndpointRouteBuilder admins) => admins.MapPost("", Handle).WithName(nameof(CreateUser))
        .WithSummary("Makes a user with a first password; or a program, without address and password, that acts by API keys").ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Created<UserResponse>, ProblemHttpResult>> Handle(
        Body<CreateUserRequest> body, HttpContext http, CrmDbContext db, AccountWrites writes, Passwords passwords, CancellationToken ct)
    {
        var request = body.Value;
        IReadOnlyList<Fault> faults = [.. Check(request), .. await db.RoleFaultsAsync(request.Roles, ct)];
        if (faults.Count > 0) return Problems.Faulty(faults);
        Guid? account = null;
        if (request is { Email: { } email, Password: { } password })
        {
            account = Guid.CreateVersion7(writes.Now);
            if (!await db.CreateAccountAsync(account.Value, email, passwords.Hash(password), writes.Now, ct)) return Problems.Conflict(HasAccount);
        }

        var user = new User
        {
            WorkspaceId = writes.Workspace,
            Id = Guid.CreateVersion7(writes.Now),
            AccountId = account,
            Name = request.Name,
            Email = request.Email,
            Roles = [.. (request.Roles ?? []).Distinct()],
            CreatedAt = writes.Now,
            CreatedBy = writes.Actor.Id,
        };
        db.Users.Add(user);
        if (await writes.SaveAsync(ct) is { } problem) return problem;
        await writes.TellAsync("crm.user.created", "user", user.Id, ct, [("roles", AccountWrites.Texts(user.Roles))]);
        return TypedResults.Created($"{http.Request.Path}/{user.Id}", await GetUser.ReadAsync(db, http, user.Id, ct));
    }

    private static IEnumerable<Fault> Check(CreateUserRequest request)
    {
        if (request.Email is null != request.Password is null) yield return new(request.Email is null ? "/email" : "/password", "required", "Send both, address and password, or neither.");
        else if (request.Password is not null && Passwords.Check(request.Password, request.Email!, "/password") is { } fault) yield return fault;
    }
}

internal sealed record CreateUserRequest(
    [property: Required, StringLength(200)] string Name, [property: MailAddress] string? Email = null, [property: NewPassword] string? Password = null, [property: MaxLength(100)] IReadOnlyList<string>? Roles = null);
