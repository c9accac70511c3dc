using System.Net;
using Crm.Host.Database;
using Crm.Host.Tests.Http;
using Crm.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Host.Tests.Accounts;

/// <summary>A person with an account, signed in.</summary>
public sealed record Member(string Id, string Email, Tokens Tokens, Api Api);

/// <summary>What a sign-in gives.</summary>
public sealed record Tokens(string Access, string Refresh)
{
    public static Tokens Of(Answer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer["tokenType"].GetValue<string>().ShouldBe("Bearer");
        return new(answer["accessToken"].GetValue<string>(), answer["refreshToken"].GetValue<string>());
    }
}

/// <summary>Makes people who sign in.</summary>
internal static class Members
{
    public const string Password = "an old oak on a hill";

    private static int _count;

    public static string NewEmail() => $"member{Interlocked.Increment(ref _count)}@crm.test";

    /// <summary>Makes a user of the workspace with a first password, and signs them in.</summary>
    public static Task<Member> MemberAsync(this CrmHost host, params string[] roles) => host.MemberAsync(host.Admin, roles);

    public static async Task<Member> MemberAsync(this CrmHost host, Api admin, params string[] roles)
    {
        var email = NewEmail();
        var made = await admin.PostAsync("/api/v1/users", new { name = "Ada", email, password = Password, roles });
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        var tokens = await host.SignInAsync(email);
        return new(made["id"].GetValue<string>(), email, tokens, host.As(tokens.Access));
    }

    public static async Task<Tokens> SignInAsync(this CrmHost host, string email, string password = Password) => Tokens.Of(await host.As(null).SignInAsync(email, password));

    public static Task<Answer> SignInAsync(this Api stranger, string email, string password = Password, Guid? workspace = null) =>
        stranger.PostAsync("/api/v1/sign-in", new { email, password, workspace });

    public static Task<Answer> RefreshAsync(this Api stranger, Tokens tokens) => stranger.PostAsync("/api/v1/refresh", new { refreshToken = tokens.Refresh });

    /// <summary>Lets somebody who is a member of the workspace join the other one too.</summary>
    public static async Task<string> JoinOtherAsync(this CrmHost host, string email, params string[] roles)
    {
        var invited = await host.Stranger.PostAsync("/api/v1/users/invite", new { email, roles });
        var accepted = await host.As(null).PostAsync("/api/v1/invitations/accept", new { token = invited["token"].GetValue<string>(), password = Password });
        accepted.Status.ShouldBe(HttpStatusCode.OK, accepted.Text);
        return accepted["user"].GetValue<string>();
    }

    public static async Task<T> AskAsync<T>(this CrmHost host, string sql)
    {
        await using var owner = NpgsqlDataSource.Create(host.Owner);
        await using var command = owner.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>A second host on the same database, with a clock of its own.</summary>
internal sealed class OtherHost : IAsyncDisposable
{
    private readonly CrmDatabase _database;
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private OtherHost(CrmDatabase database, WebApplication app)
    {
        (_database, _app) = (database, app);
        _client = new() { BaseAddress = new(app.Urls.First()) };
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts it; with a clock it lives in that clock's time.</summary>
    public static async Task<OtherHost> StartAsync(CrmHost host, TestClock? clock = null, Action<IServiceCollection>? configure = null)
    {
        var (database, app) = await CrmHost.StartAsync(host.Application, builder =>
        {
            if (clock is not null) builder.Services.AddSingleton<TimeProvider>(clock);
            configure?.Invoke(builder.Services);
        });
        return new(database, app);
    }

    public Api As(string? key) => new(_client, key);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }
}
