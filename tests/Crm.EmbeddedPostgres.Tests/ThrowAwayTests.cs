namespace Crm.Embedded.Tests;

public sealed class ThrowAwayTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Answers_a_query_and_leaves_no_folder_and_no_process()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(await _home.ThrowAwayAsync());
        (await Server.AskAsync<string>(postgres, "show server_version")).ShouldStartWith(postgres.Version);
        (await Server.AskAsync<string>(postgres, "show fsync")).ShouldBe("off");
        var pid = Server.Pid(postgres.Folder).ShouldNotBeNull();

        await postgres.DisposeAsync();
        _home.ThrowAways.ShouldBeEmpty();
        (await Server.RunsAsync(pid)).ShouldBeFalse();
    }

    [Fact]
    public async Task Text_is_UTF8_and_ordered_by_code_point_and_knows_upper_case_of_all_letters()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(await _home.ThrowAwayAsync());
        (await Server.AskAsync<string>(postgres, "select upper('żółw') || string_agg(x, '' order by x) from unnest('{ä,b,Z,a}'::text[]) x")).ShouldBe("ŻÓŁWZabä");
    }

    [Fact]
    public async Task Settings_reach_the_server_whatever_they_contain()
    {
        var options = await _home.ThrowAwayAsync();
        const string Awkward = """it's \n "so" """;
        await using var postgres = await EmbeddedPostgres.StartAsync(new() { ThrowAway = true, Home = options.Home, BinariesFolder = options.BinariesFolder, Settings = new Dictionary<string, string> { ["log_line_prefix"] = Awkward } });
        (await Server.AskAsync<string>(postgres, "show log_line_prefix")).ShouldBe(Awkward);
    }

    [Fact]
    public async Task Next_start_removes_what_killed_runs_left_and_nothing_else()
    {
        var options = await _home.ThrowAwayAsync();
        using var killed = OtherProcess.Run(options);
        using var alive = OtherProcess.Run(options);
        var leftover = await killed.StartedAsync();
        var used = await alive.StartedAsync();
        var pid = Server.Pid(leftover.Folder).ShouldNotBeNull();
        await killed.KillAsync();
        (await Server.RunsAsync(pid)).ShouldBeTrue();

        await using var postgres = await EmbeddedPostgres.StartAsync(options);
        (await Server.RunsAsync(pid)).ShouldBeFalse();
        Directory.Exists(leftover.Folder).ShouldBeFalse();
        (await Server.AskAsync<int>(used.ConnectionString, "select 1")).ShouldBe(1);
        await alive.LeaveAsync();
    }

    [Fact]
    public async Task Cancelled_start_leaves_nothing()
    {
        var options = await _home.ThrowAwayAsync();
        using var cancel = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(EmbeddedPostgres.StartAsync(
            new() { ThrowAway = true, Home = options.Home, BinariesFolder = options.BinariesFolder, Report = _ => cancel.Cancel() }, cancel.Token));
        _home.ThrowAways.ShouldBeEmpty();
    }

    [Fact]
    public async Task Setting_that_PostgreSQL_refuses_is_named_in_the_error()
    {
        var options = await _home.ThrowAwayAsync();
        var e = await Should.ThrowAsync<EmbeddedPostgresException>(EmbeddedPostgres.StartAsync(
            new() { ThrowAway = true, Home = options.Home, BinariesFolder = options.BinariesFolder, Settings = new Dictionary<string, string> { ["no_such_setting"] = "1" } }));
        e.Message.ShouldContain("no_such_setting");
        _home.ThrowAways.ShouldBeEmpty();
    }
}
