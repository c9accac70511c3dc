using System.Net;
using Crm.Entities.Accounts;
using Crm.Host.Tests.Http;
using Crm.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SignInOptions = Crm.Host.Accounts.SignInOptions;

namespace Crm.Host.Tests.Accounts;

/// <summary>The door: who knows the password comes in, who does not learns nothing.</summary>
public sealed class SignInTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Address_in_any_case_and_password_give_a_token_that_works_on_every_route()
    {
        var member = await host.MemberAsync("sales-rep");
        var tokens = Tokens.Of(await host.As(null).SignInAsync(member.Email.ToUpperInvariant()));

        var me = await host.As(tokens.Access).GetAsync("/api/v1/me");
        var deal = await host.As(tokens.Access).DealAsync();

        me["id"].GetValue<string>().ShouldBe(member.Id);
        me["email"].GetValue<string>().ShouldBe(member.Email);
        me["roles"].AsArray().Select(r => r!.GetValue<string>()).ShouldBe(["sales-rep"]);
        me["scopes"].AsArray().Select(r => r!.GetValue<string>()).ShouldBe(["read", "write"]);
        me["workspace"]["id"]!.GetValue<Guid>().ShouldBe(host.Workspace);
        deal["ownerId"].GetValue<string>().ShouldBe(member.Id);
        (await host.As(tokens.Access).GetAsync("/api/v1/projects")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Unknown_address_wrong_password_and_who_may_not_come_in_look_the_same_and_cost_a_hash_each()
    {
        var (member, gone) = (await host.MemberAsync(), await host.MemberAsync());
        await host.Admin.PostAsync($"/api/v1/users/{gone.Id}/deactivate", "");
        var counting = new CountingHasher();
        await using var other = await OtherHost.StartAsync(host, configure: s => s.AddSingleton<IPasswordHasher<Account>>(counting));
        await other.As(null).SignInAsync(member.Email);

        var answers = new List<Answer>();
        foreach (var (email, password, workspace) in new (string, string, Guid?)[]
        {
            ("nobody@crm.test", Members.Password, null), (member.Email, "a wrong password", null), (gone.Email, Members.Password, null), (member.Email, Members.Password, host.OtherWorkspace),
        })
        {
            var before = counting.Verified;
            answers.Add(await other.As(null).SignInAsync(email, password, workspace));
            (counting.Verified - before).ShouldBe(1, email);
        }

        foreach (var answer in answers) answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        answers.Select(a => a.WithoutTrace).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task After_too_many_attempts_there_is_a_wait_that_doubles_on_every_host_and_for_addresses_nobody_has()
    {
        var member = await host.MemberAsync();
        var clock = new TestClock();
        void Few(IServiceCollection services) => services.Configure<SignInOptions>(o => (o.FreeAttempts, o.FirstWait) = (3, TimeSpan.FromSeconds(30)));
        await using var one = await OtherHost.StartAsync(host, clock, Few);
        await using var two = await OtherHost.StartAsync(host, clock, Few);

        foreach (var email in new[] { member.Email, Members.NewEmail() })
        {
            foreach (var door in new[] { one, two, one }) (await door.As(null).SignInAsync(email, "a wrong password")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            // The right password has to wait as well: else it would be known to be right.
            await ShouldWaitAsync(two, email, 30);
            clock.Now += TimeSpan.FromSeconds(29);
            await ShouldWaitAsync(one, email, 1);
            clock.Now += TimeSpan.FromSeconds(1);
            (await two.As(null).SignInAsync(email.ToUpperInvariant(), "a wrong password")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            await ShouldWaitAsync(one, email, 60);
            clock.Now += TimeSpan.FromMinutes(1);
        }

        (await one.As(null).SignInAsync(member.Email)).Status.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 3; i++) (await two.As(null).SignInAsync(member.Email, "a wrong password")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        static async Task ShouldWaitAsync(OtherHost door, string email, int seconds)
        {
            using var response = await door.As(null).Client.PostAsync("/api/v1/sign-in", Api.Json(new { email, password = Members.Password }));
            response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(seconds));
        }
    }

    [Fact]
    public async Task Attempts_at_once_count_as_many()
    {
        var member = await host.MemberAsync();
        await using var other = await OtherHost.StartAsync(host, new TestClock(), s => s.Configure<SignInOptions>(o => o.FreeAttempts = 5));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => other.As(null).SignInAsync(member.Email, "a wrong password")));

        answers.Count(a => a.Status == HttpStatusCode.Unauthorized).ShouldBe(5);
        foreach (var waiting in answers.Where(a => a.Status != HttpStatusCode.Unauthorized)) waiting.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
    }

    [Fact]
    public async Task One_network_address_may_try_so_often_in_a_minute()
    {
        await using var other = await OtherHost.StartAsync(host, configure: s => s.Configure<SignInOptions>(o => o.PerMinute = 3));
        for (var i = 0; i < 3; i++) (await other.As(null).SignInAsync(Members.NewEmail())).Status.ShouldBe(HttpStatusCode.Unauthorized);

        (await other.As(null).SignInAsync(Members.NewEmail())).ShouldBeProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
        (await other.As(null).RefreshAsync(new("", "any"))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await other.As(await host.KeyAsync(host.Workspace, "sales-rep")).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Account_of_two_workspaces_names_one_and_has_its_roles_and_rows_there_alone()
    {
        var member = await host.MemberAsync("admin");
        var there = await host.JoinOtherAsync(member.Email, "sales-rep");

        var unsaid = (await host.As(null).SignInAsync(member.Email)).ShouldBeProblem(HttpStatusCode.Conflict, "choose-workspace");
        var other = host.As(Tokens.Of(await host.As(null).SignInAsync(member.Email, workspace: host.OtherWorkspace)).Access);

        unsaid["workspaces"].AsArray().Select(w => w!["id"]!.GetValue<Guid>()).ShouldBe([host.Workspace, host.OtherWorkspace], ignoreOrder: true);
        var me = await other.GetAsync("/api/v1/me");
        (me["id"].GetValue<string>(), me["workspace"]["id"]!.GetValue<Guid>()).ShouldBe((there, host.OtherWorkspace));
        me["roles"].AsArray().Select(r => r!.GetValue<string>()).ShouldBe(["sales-rep"]);
        (await other.PostAsync("/api/v1/teams", new { name = "Mine" })).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await other.GetAsync($"/api/v1/users/{member.Id}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await member.Api.GetAsync($"/api/v1/users/{there}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("""{ "email": "a@crm.test" }""", "/password required")]
    [InlineData("""{ "email": "", "password": "x" }""", "/email invalid")]
    [InlineData("""{ "email": 7, "password": "x" }""", "/email body")]
    [InlineData("""{ "email": "a@crm.test", "password": null }""", "/password body")]
    [InlineData("""{ "email": "a@crm.test", "password": "x", "workspace": "mine" }""", "/workspace body")]
    [InlineData("""{ "email": "a@crm.test", "password": "x", "admin": true }""", "/admin additional-property")]
    [InlineData("""{ "email": "a@crm.test", "password": "\u0000" }""", "/password nul-character")]
    public async Task Faulty_body_names_the_place(string body, string fault) =>
        (await host.As(null).PostAsync("/api/v1/sign-in", body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

    [Theory]
    [InlineData("email")]
    [InlineData("password")]
    public async Task Overlong_texts_are_faults(string member)
    {
        var body = new Dictionary<string, string> { ["email"] = "a@crm.test", ["password"] = "x", [member] = new('x', 5000) };
        (await host.As(null).PostAsync("/api/v1/sign-in", body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/{member} invalid"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("crm_garbage")]
    [InlineData("CfDJ8garbage")]
    public async Task Token_that_is_none_is_401(string token) => (await host.As(token).GetAsync("/api/v1/me")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");

    [Fact]
    public async Task Password_is_kept_as_a_salted_slow_hash_alone()
    {
        var (one, two) = (await host.MemberAsync(), await host.MemberAsync());

        var hashes = await host.AskAsync<string[]>($"select array_agg(password_hash) from crm.account where email in ('{one.Email}', '{two.Email}')");

        hashes.Distinct().Count().ShouldBe(2);
        new PasswordHasher<Account>(Options.Create(new PasswordHasherOptions())).VerifyHashedPassword(null!, hashes[0], Members.Password).ShouldNotBe(PasswordVerificationResult.Failed);
        (await host.AskAsync<long>($"select count(*) from crm.account a where a::text like '%{Members.Password}%'")).ShouldBe(0);
    }

    /// <summary>The framework's hasher, counted.</summary>
    private sealed class CountingHasher : IPasswordHasher<Account>
    {
        private readonly PasswordHasher<Account> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 1000 }));

        public int Verified { get; private set; }

        public string HashPassword(Account user, string password) => _hasher.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Verified++;
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
