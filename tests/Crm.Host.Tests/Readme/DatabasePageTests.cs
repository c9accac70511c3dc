using System.Text.RegularExpressions;
using Crm.Embedded;
using Crm.Host.Tests.Processes;
using Npgsql;

namespace Crm.Host.Tests.Readme;

/// <summary>The SQL of the pages about databases does what they say.</summary>
public sealed partial class DatabasePageTests(CrmHost host) : IClassFixture<CrmHost>
{
    private static readonly string Host = Path.Combine(AppContext.BaseDirectory, "Crm.Host.dll");

    [Fact]
    public async Task Logins_of_the_page_migrate_make_a_user_and_run_in_Production()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(new() { ThrowAway = true });
        foreach (var statement in Fences("configuration.md").Single().Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await ExecuteAsync(postgres.ConnectionString(), statement.Replace("'…'", "'secret'"));
        }

        string[] connections =
        [
            "--ConnectionStrings:Crm", Login("crm_application"),
            "--ConnectionStrings:CrmOwner", Login("crm_migrator"),
        ];
        var migrated = await HostProcess.RunAsync(Host, "Production", null, ["migrate", .. connections]);
        var made = await HostProcess.RunAsync("an old oak on a hill\n", Host, "Production", null, ["user", "create", "--email", "ada@example.com", "--name", "Ada Lovelace", "--role", "admin", .. connections]);

        (migrated.ExitCode, migrated.Errors).ShouldBe((0, ""));
        (made.ExitCode, made.Errors).ShouldBe((0, ""));

        string Login(string user) => new NpgsqlConnectionStringBuilder(postgres.ConnectionString("crm")) { Username = user, Password = "secret" }.ConnectionString;
    }

    [Fact]
    public async Task Proof_of_a_restored_copy_counts_the_broken_chains_of_every_workspace()
    {
        var project = await host.Admin.InDiscoveryAsync();
        var sql = Fences("backup.md").Single(f => f.Contains("broken_link", StringComparison.Ordinal));

        (await BrokenAsync(sql)).ShouldBe([(host.Workspace, 0L)]);
        await ExecuteAsync(host.Owner, $"update wfm.history set body = body || ' ' where project_id = '{project}' and version = 2");
        (await BrokenAsync(sql)).ShouldBe([(host.Workspace, 1L)]);
    }

    private async Task<IReadOnlyList<(Guid Workspace, long Broken)>> BrokenAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(host.Owner);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<(Guid, long)>();
        while (await reader.ReadAsync()) found.Add((reader.GetGuid(0), reader.GetInt64(2)));
        return found;
    }

    private static async Task ExecuteAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static IEnumerable<string> Fences(string page) =>
        Fence().Matches(File.ReadAllText(Path.Combine(Checkout.Root, "docs", page))).Select(m => m.Groups[1].Value);

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
