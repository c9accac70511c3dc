using Crm.Entities.Accounts;
using Crm.Host.ApiKeys;
using Crm.Host.Authentication;
using Crm.Host.Teams;
using Crm.Host.Users;
using Crm.Host.Workspaces;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Identity;

namespace Crm.Host.Accounts;

internal static class AccountEndpoints
{
    /// <summary>How many times a password is hashed: what OWASP asks of PBKDF2 with SHA-512.</summary>
    private const int HashRounds = 210_000;

    /// <summary>Adds what users and passwords need, with or without a web server.</summary>
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<PasswordHasherOptions>().Configure(o => o.IterationCount = HashRounds);
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.AddSingleton<Passwords>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var strangers = routes.MapGroup("").WithTags("Sign-in").AllowAnonymous().RequireRateLimiting(AuthenticationSetup.SignInLimit).AddEndpointFilter(FaultsFirst)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);
        SignIn.Map(strangers);
        Refresh.Map(strangers);
        AcceptInvitation.Map(strangers);

        var api = routes.MapGroup("").WithWfmRequests(writesInOneTransaction: true);
        var me = api.MapGroup("").WithTags("Sign-in");
        SignOut.Map(me);
        GetMe.Map(me);
        ChangePassword.Map(me);

        var users = api.MapGroup("/users").WithTags("Users");
        ListUsers.Map(users);
        GetUser.Map(users);
        UpdateUser.Map(users);
        var usersByAdmins = users.MapGroup("").ForAdmins();
        CreateUser.Map(usersByAdmins);
        InviteUser.Map(usersByAdmins);
        DeactivateUser.Map(usersByAdmins);
        ResetPassword.Map(usersByAdmins);
        ListRoles.Map(api.MapGroup("").WithTags("Users"));

        var teams = api.MapGroup("/teams").WithTags("Teams");
        ListTeams.Map(teams);
        GetTeam.Map(teams);
        var teamsByAdmins = teams.MapGroup("").ForAdmins();
        CreateTeam.Map(teamsByAdmins);
        UpdateTeam.Map(teamsByAdmins);
        DeleteTeam.Map(teamsByAdmins);

        var workspace = api.MapGroup("").WithTags("Workspace");
        GetWorkspace.Map(workspace);
        ChangeWorkspace.Map(workspace.MapGroup("").ForAdmins());

        var keys = api.MapGroup("/api-keys").WithTags("API keys");
        CreateApiKey.Map(keys);
        ListApiKeys.Map(keys);
        RevokeApiKey.Map(keys);
    }

    /// <summary>Lets nobody but admins through.</summary>
    public static RouteGroupBuilder ForAdmins(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter<AdminsOnly>();
        return group.ProducesProblem(StatusCodes.Status403Forbidden);
    }

    private static ValueTask<object?> FaultsFirst(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<IBody>().FirstOrDefault() is { Faults: { Count: > 0 } faults } body ? ValueTask.FromResult<object?>(Problems.Faulty(faults, body.Status)) : next(context);
}
