using System.Diagnostics;
using System.Runtime.Versioning;

namespace Crm.Embedded.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class HomeTests : IDisposable
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Folder_that_others_may_write_to_is_refused()
    {
        Directory.CreateDirectory(_home.Folder);
        File.SetUnixFileMode(_home.Folder, Others | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await ShouldBeRefusedAsync();
    }

    [Fact]
    public async Task Link_is_refused_wherever_it_leads()
    {
        Directory.CreateSymbolicLink(_home.Folder, Directory.CreateDirectory(_home.Beside("target")).FullName);
        await ShouldBeRefusedAsync();
    }

    [Fact]
    public async Task Folder_of_another_user_is_refused()
    {
        // Root cannot be refused by pretending to be root: it gives the folder away. An ordinary user looks at root's.
        if (!Command.IsRoot)
        {
            await Should.ThrowAsync<EmbeddedPostgresException>(Home.OpenAsync("/usr", default));
            return;
        }
        Directory.CreateDirectory(_home.Folder);
        await GiveAwayAsync(_home.Folder);
        await ShouldBeRefusedAsync();
    }

    [Fact]
    public async Task Secrets_are_for_this_user_only()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(await _home.ThrowAwayAsync());
        var cluster = Path.GetDirectoryName(postgres.Folder)!;
        string[] secrets = [postgres.Folder, Path.Combine(cluster, "data"), Path.Combine(cluster, "password"), Path.Combine(cluster, "users")];
        secrets.ShouldAllBe(path => (File.GetUnixFileMode(path) & Others) == 0);
    }

    [Fact]
    public async Task Start_writes_through_no_link_that_the_server_could_have_made()
    {
        var options = await _home.NamedAsync();
        var before = await EmbeddedPostgres.StartAsync(options);
        await before.DisposeAsync();
        var victim = _home.Beside("victim");
        await File.WriteAllTextAsync(victim, "untouched");
        foreach (var name in (string[])["postgresql.conf", "server.log"])
        {
            var link = Path.Combine(Server.Data(before.Folder), name);
            File.Delete(link);
            File.CreateSymbolicLink(link, victim);
        }

        await using var after = await EmbeddedPostgres.StartAsync(options);
        (await File.ReadAllTextAsync(victim)).ShouldBe("untouched");
    }

    [Fact]
    public async Task Ordinary_user_starts_a_server_as_himself()
    {
        // The clone may lie where another user cannot go.
        var app = Directory.CreateDirectory(_home.Beside("app")).FullName;
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "Crm.EmbeddedPostgres*")) File.Copy(file, Path.Combine(app, Path.GetFileName(file)));
        var home = Directory.CreateDirectory(_home.Folder).FullName;
        if (Command.IsRoot) await GiveAwayAsync(home);

        var options = new EmbeddedPostgresOptions { Home = home, Root = "/any/checkout", BinariesFolder = await TestHome.BinariesFolderAsync() };
        using var other = OtherProcess.Run(options, AsOrdinaryUser, Path.Combine(app, "Crm.EmbeddedPostgres.Tests.App.dll"));
        var started = await other.StartedAsync();
        (await Server.AskAsync<int>(started.ConnectionString, "select 1")).ShouldBe(1);
        await other.LeaveAsync();
        Server.Pid(started.Folder).ShouldBeNull();

        void AsOrdinaryUser(ProcessStartInfo start)
        {
            start.WorkingDirectory = app;
            if (Command.IsRoot) start.UserName = "nobody";
        }
    }

    private static async Task GiveAwayAsync(string folder) =>
        (await Command.RunAsync(Command.Shell("""chown nobody "$1" """, folder), default)).ExitCode.ShouldBe(0);

    private async Task ShouldBeRefusedAsync() =>
        (await Should.ThrowAsync<EmbeddedPostgresException>(Home.OpenAsync(_home.Folder, default))).Message.ShouldContain("must belong to this user");
}
