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
        const string Sql = "select upper('żółw') || string_agg(letter, '' order by letter) from unnest('{ä,b,Z,a}'::text[]) letter";
        (await Server.AskAsync<string>(postgres, Sql)).ShouldBe("ŻÓŁWZabä");
    }

    [Fact]
    public async Task Settings_reach_the_server_whatever_they_contain()
    {
        const string Awkward = """it's \n "so" """;
        var options = await _home.ThrowAwayAsync() with { Settings = new Dictionary<string, string> { ["log_line_prefix"] = Awkward } };
        await using var postgres = await EmbeddedPostgres.StartAsync(options);
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

    [Theory]
    [InlineData(0), InlineData(150), InlineData(400), InlineData(800)]
    public async Task Start_cancelled_at_any_moment_leaves_nothing(int afterMilliseconds)
    {
        var options = await _home.ThrowAwayAsync();
        using var cancel = new CancellationTokenSource(afterMilliseconds);
        try
        {
            await using var quicker = await EmbeddedPostgres.StartAsync(options, cancel.Token);
        }
        catch (OperationCanceledException)
        {
        }
        _home.ThrowAways.ShouldBeEmpty();
        (await Server.CountInAsync(_home.Folder)).ShouldBe(0);
    }

    [Fact]
    public async Task Setting_that_PostgreSQL_refuses_is_named_in_the_error()
    {
        var options = await _home.ThrowAwayAsync() with { Settings = new Dictionary<string, string> { ["no_such_setting"] = "1" } };
        (await Should.ThrowAsync<EmbeddedPostgresException>(EmbeddedPostgres.StartAsync(options))).Message.ShouldContain("no_such_setting");
        _home.ThrowAways.ShouldBeEmpty();
    }
}
