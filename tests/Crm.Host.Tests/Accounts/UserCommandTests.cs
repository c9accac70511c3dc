using System.Net;
using Crm.Host.Tests.Processes;

namespace Crm.Host.Tests.Accounts;

/// <summary><c>user create</c>: the way in while nobody can sign in yet.</summary>
public sealed class UserCommandTests(CrmHost host) : IClassFixture<CrmHost>
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Crm.Host.dll");

    [Fact]
    public async Task User_is_made_with_the_password_of_standard_input_and_can_sign_in()
    {
        var email = Members.NewEmail();

        var ended = await RunAsync(Members.Password + "\n", "--email", email, "--name", "Zoë 👩‍🚀", "--role", "admin", "--role", "sales-rep", "--workspace", $"{host.Workspace}");

        (ended.ExitCode, ended.Errors).ShouldBe((0, ""));
        ended.Output.ShouldBe($"{email} can sign in to the workspace {host.Workspace}.\n");
        ended.Output.ShouldNotContain(Members.Password);
        var me = await host.As((await host.SignInAsync(email)).Access).GetAsync("/api/v1/me");
        me["name"].GetValue<string>().ShouldBe("Zoë 👩‍🚀");
        me["roles"].AsArray().Select(r => r!.GetValue<string>()).ShouldBe(["admin", "sales-rep"]);
        (await host.Admin.GetAsync($"/api/v1/events?subject=user/{me["id"]}")).Items.ShouldHaveSingleItem()["type"]!.GetValue<string>().ShouldBe("crm.user.created");
    }

    [Fact]
    public async Task Account_that_is_there_joins_the_default_workspace_and_keeps_its_password()
    {
        var member = await host.MemberAsync();

        (await RunAsync("", "--email", member.Email, "--name", "Ada", "--role", "admin")).ExitCode.ShouldBe(0);

        (await host.As(null).SignInAsync(member.Email, workspace: Wfm.Workspace.Default)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("short", "12 to 200 characters", "--email", "{new}", "--name", "A", "--workspace", "{workspace}")]
    [InlineData("", "no password", "--email", "{new}", "--name", "A", "--workspace", "{workspace}")]
    [InlineData("an old oak on a hill", "king", "--email", "{new}", "--name", "A", "--role", "king", "--workspace", "{workspace}")]
    [InlineData("an old oak on a hill", "no workspace", "--email", "{new}", "--name", "A", "--workspace", "00000000-0000-7000-8000-0000000000ff")]
    [InlineData("an old oak on a hill", "--email is no e-mail address", "--email", "nobody", "--name", "A")]
    [InlineData("an old oak on a hill", "--name has 1 to 200", "--email", "{new}", "--name", " ")]
    [InlineData("an old oak on a hill", "'--name' is required", "--email", "{new}")]
    [InlineData("an old oak on a hill", "'--password=secret'", "--email", "{new}", "--name", "A", "--password=secret")]
    public async Task Mistake_is_one_clear_line_and_nothing_is_made(string input, string told, params string[] arguments)
    {
        var before = await host.RowsAsync();

        var ended = await RunAsync(input, [.. arguments.Select(a => a.Replace("{new}", Members.NewEmail()).Replace("{workspace}", $"{host.Workspace}"))]);

        ended.ExitCode.ShouldBe(1);
        ended.Errors.ShouldContain(told);
        (ended.Output + ended.Errors).ShouldNotContain("   at ");
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Who_is_a_user_already_is_told_so()
    {
        var member = await host.MemberAsync();

        var ended = await RunAsync(Members.Password, "--email", member.Email.ToUpperInvariant(), "--name", "Ada", "--workspace", $"{host.Workspace}");

        (ended.ExitCode, ended.Errors.Trim()).ShouldBe((1, $"{member.Email.ToUpperInvariant()} is a user of the workspace already."));
    }

    private Task<HostProcess.Ended> RunAsync(string input, params string[] arguments) =>
        HostProcess.RunAsync(input, Program, "Production", null, ["user", "create", .. arguments, $"--ConnectionStrings:Crm={host.Application}"]);
}
