using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Crm.Embedded.Tests;

public sealed class SharedServerTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Second_process_joins_and_the_last_one_out_stops_the_server_and_the_data_stay()
    {
        var options = await _home.NamedAsync();
        await using var first = await EmbeddedPostgres.StartAsync(options);
        await Server.AskAsync<object>(first, "create table notes as select 'kept' as note; select 1");
        using var other = OtherProcess.Run(options);
        var joined = await other.StartedAsync();
        joined.Port.ShouldBe(first.Port);

        await first.DisposeAsync();
        (await Server.AskAsync<string>(joined.ConnectionString, "select note from notes")).ShouldBe("kept");
        await other.LeaveAsync();
        Server.Pid(first.Folder).ShouldBeNull();

        await using var again = await EmbeddedPostgres.StartAsync(options);
        again.Port.ShouldBe(first.Port);
        (await Server.AskAsync<string>(again, "select note from notes")).ShouldBe("kept");
    }

    [Fact]
    public async Task Processes_that_start_at_once_share_one_server()
    {
        var options = await _home.NamedAsync();
        using var one = OtherProcess.Run(options);
        using var two = OtherProcess.Run(options);
        await using var three = await EmbeddedPostgres.StartAsync(options);

        (await one.StartedAsync()).Port.ShouldBe(three.Port);
        (await two.StartedAsync()).Port.ShouldBe(three.Port);
    }

    [Fact]
    public async Task Next_start_adopts_the_server_of_a_killed_process()
    {
        var options = await _home.NamedAsync();
        using var killed = OtherProcess.Run(options);
        var orphan = await killed.StartedAsync();
        var pid = Server.Pid(orphan.Folder).ShouldNotBeNull();
        await killed.KillAsync();

        await using var postgres = await EmbeddedPostgres.StartAsync(options);
        Server.Pid(postgres.Folder).ShouldBe(pid);
        (await Server.AskAsync<int>(postgres, "select 1")).ShouldBe(1);
        await postgres.DisposeAsync();
        Server.Pid(postgres.Folder).ShouldBeNull();
    }

    [Fact]
    public async Task Ctrl_C_in_the_terminal_does_not_reach_the_server()
    {
        var options = await _home.NamedAsync();
        // The leader of its own process group, as a shell makes it.
        using var interrupted = OtherProcess.Run(options, start =>
        {
            start.ArgumentList.Insert(0, start.FileName);
            start.FileName = "setsid";
        });
        var orphan = await interrupted.StartedAsync();
        var pid = Server.Pid(orphan.Folder).ShouldNotBeNull();
        await interrupted.PressCtrlCAsync();

        (await Server.AskAsync<int>(orphan.ConnectionString, "select 1")).ShouldBe(1);
        Server.Pid(orphan.Folder).ShouldBe(pid);
    }

    [Fact]
    public async Task Pid_file_left_by_a_crash_does_not_block_though_its_pid_is_another_process_now()
    {
        var options = await _home.NamedAsync();
        using var killed = OtherProcess.Run(options);
        var crashed = await killed.StartedAsync();
        await Server.AskAsync<object>(crashed.ConnectionString, "create table notes as select 'kept' as note; select 1");
        var pid = Server.Pid(crashed.Folder).ShouldNotBeNull();
        await killed.KillAsync();
        Process.GetProcessById(pid).Kill();

        // Of the server's own user: PostgreSQL itself would take this one for a running server.
        using var innocent = Process.Start(new ProcessStartInfo("sleep", "60") { UserName = Command.ServerUser })!;
        var pidFile = Postmaster.PidFile(Server.Data(crashed.Folder));
        var lines = await File.ReadAllLinesAsync(pidFile);
        lines[0] = $"{innocent.Id}";
        await File.WriteAllLinesAsync(pidFile, lines);

        await using var postgres = await EmbeddedPostgres.StartAsync(options);
        (await Server.AskAsync<string>(postgres, "select note from notes")).ShouldBe("kept");
        innocent.HasExited.ShouldBeFalse();
        innocent.Kill();
    }

    [Fact]
    public async Task Taken_port_is_left_alone_and_the_server_moves()
    {
        var options = await _home.NamedAsync();
        var before = await EmbeddedPostgres.StartAsync(options);
        await before.DisposeAsync();
        using var taker = new TcpListener(IPAddress.Loopback, before.Port);
        taker.Start();

        await using var postgres = await EmbeddedPostgres.StartAsync(options);
        postgres.Port.ShouldNotBe(before.Port);
        (await Server.AskAsync<int>(postgres, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Data_of_another_major_version_are_refused_untouched()
    {
        var options = await _home.NamedAsync();
        var home = await Home.OpenAsync(options.Home, default);
        var data = Directory.CreateDirectory(Path.Combine(Cluster.Named(home, options.Root!, options.Name).Folder, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "12\n");

        (await Should.ThrowAsync<EmbeddedPostgresException>(EmbeddedPostgres.StartAsync(options))).Message.ShouldContain("of PostgreSQL 12");
        Directory.GetFiles(data).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Each_checkout_and_each_name_has_a_cluster_of_its_own()
    {
        var home = await Home.OpenAsync(_home.Folder, default);
        string FolderOf(string root, string name) => Cluster.Named(home, root, name).Folder;

        FolderOf("/a/", "dev").ShouldBe(FolderOf("/a", "dev"));
        FolderOf("/b", "dev").ShouldNotBe(FolderOf("/a", "dev"));
        FolderOf("/a", "demo").ShouldNotBe(FolderOf("/a", "dev"));
    }

    [Theory]
    [InlineData(""), InlineData("../dev"), InlineData("Dev"), InlineData("a b")]
    public async Task Name_that_is_no_folder_name_is_refused(string name) =>
        await Should.ThrowAsync<ArgumentException>(EmbeddedPostgres.StartAsync(new() { Name = name, Root = "/a", Home = _home.Folder }));
}
