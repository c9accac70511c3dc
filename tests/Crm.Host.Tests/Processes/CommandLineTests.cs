using System.Net;
using Crm.Testing;
using Npgsql;

namespace Crm.Host.Tests.Processes;

/// <summary>Verbs, settings and mistakes in them, against a PostgreSQL of one's own.</summary>
public sealed class CommandLineTests : IAsyncLifetime
{
    private static readonly string Host = Path.Combine(AppContext.BaseDirectory, "Crm.Host.dll");

    private readonly string _name = $"cli_{Path.GetRandomFileName()[..8]}";
    private string _owner = "";
    private string _application = "";

    public async Task InitializeAsync()
    {
        var postgres = await TestCluster.PostgresAsync();
        await ExecuteAsync(postgres.ConnectionString(), $"create database {_name}");
        _owner = postgres.ConnectionString(_name);
        _application = new NpgsqlConnectionStringBuilder(_owner) { Username = TestCluster.Login, Password = TestCluster.Login }.ConnectionString;
    }

    public async Task DisposeAsync() => await ExecuteAsync((await TestCluster.PostgresAsync()).ConnectionString(), $"drop database {_name} with (force)");

    [Theory]
    [InlineData("replya", "'replya'")]
    [InlineData("serve", "'serve'")]
    [InlineData("--urlz=http://localhost:1", "'--urlz=http://localhost:1'")]
    [InlineData("--ConectionStrings:Crm=Host=nowhere", "'--ConectionStrings:Crm=Host=nowhere'")]
    public async Task Unknown_verb_or_option_is_not_served_but_answered_with_the_ones_there_are(string word, string told)
    {
        var ended = await HostProcess.RunAsync(Host, "Production", null, word);

        ended.ExitCode.ShouldBe(1);
        ended.Errors.ShouldContain(told);
        foreach (var known in new[] { "migrate", "replay", "rules", "--urls", "--ConnectionStrings:Crm", "--embedded" }) ended.Errors.ShouldContain(known);
        ended.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Migrate_brings_the_database_up_to_date_again_and_again()
    {
        for (var time = 0; time < 2; time++)
        {
            var ended = await RunAsync("Production", "migrate");
            ended.ExitCode.ShouldBe(0, ended.Errors);
            ended.Output.ShouldBe("The database is up to date.\n");
        }
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Without_a_database_only_Development_starts_one_unasked(string environment)
    {
        foreach (var verb in new string[][] { [], ["migrate"], ["replay", ReplayFile("loan-applications.csv"), "--bundle", Samples.Bundle("loan-application")] })
        {
            var ended = await HostProcess.RunAsync(Host, environment, null, verb);

            ended.ExitCode.ShouldBe(1);
            foreach (var hint in new[] { "ConnectionStrings:Crm", "ConnectionStrings:CrmOwner", "--embedded" }) ended.Errors.ShouldContain(hint);
            ended.Errors.ShouldNotContain("   at ");
            ended.Output.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Production_refuses_a_superusers_login()
    {
        await RunAsync("Production", "migrate");

        var ended = await HostProcess.RunAsync(Host, "Production", null, "--urls=http://127.0.0.1:0", $"--ConnectionStrings:Crm={_owner}");

        ended.ExitCode.ShouldBe(1);
        ended.Errors.ShouldContain("postgres is a superuser");
        ended.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Development_warns_of_a_superusers_login_and_serves()
    {
        using var host = await HostProcess.ServeAsync(Host, null, $"--ConnectionStrings:Crm={_owner}");

        (await host.InterruptAsync()).ShouldBe(0);
        host.Output.ShouldContain("postgres is a superuser");
    }

    [Fact]
    public async Task Production_says_what_to_do_with_an_empty_database()
    {
        var ended = await RunAsync("Production", "--urls=http://127.0.0.1:0");

        ended.ExitCode.ShouldBe(1);
        // The login may have its roles from another database of the server, or none: either way the way out is the same.
        ended.Errors.ShouldContain("migrat");
        ended.Errors.ShouldContain("owner", Case.Insensitive);
        ended.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Database_that_is_not_there_is_one_line()
    {
        var ended = await HostProcess.RunAsync(Host, "Production", null, "--ConnectionStrings:Crm", "Host=127.0.0.1;Port=1;Database=crm;Username=crm");

        ended.ExitCode.ShouldBe(1);
        ended.Errors.Trim().ShouldNotContain("\n");
        ended.Errors.ShouldContain("127.0.0.1:1");
    }

    [Fact]
    public async Task Environment_variables_name_the_database_as_well()
    {
        using var host = await HostProcess.ServeAsync(Host, start => (start.Environment["ConnectionStrings__Crm"], start.Environment["ConnectionStrings__CrmOwner"]) = (_application, _owner));

        (await host.Api.DealProjectAsync()).ShouldNotBeEmpty();
        (await host.InterruptAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Development_says_how_to_sign_in()
    {
        using var host = await HostProcess.ServeAsync(Host, null, $"--ConnectionStrings:Crm={_application}", $"--ConnectionStrings:CrmOwner={_owner}");

        host.Output.ShouldContain("Demo sign-in: demo@crm.test, demo-password-1");
        (await host.Api.PostAsync("/api/v1/sign-in", new { email = "demo@crm.test", password = "demo-password-1" })).Status.ShouldBe(HttpStatusCode.OK);
        (await host.InterruptAsync()).ShouldBe(0);
    }

    internal static string ReplayFile(string name) => Path.Combine(Checkout.Root, "samples", "logs", name);

    private Task<HostProcess.Ended> RunAsync(string environment, params string[] arguments) =>
        HostProcess.RunAsync(Host, environment, null, [.. arguments, $"--ConnectionStrings:Crm={_application}", "--ConnectionStrings:CrmOwner", _owner]);

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
