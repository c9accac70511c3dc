using System.Text.Json;
using Crm.Wfm.Moves;

namespace Crm.Wfm.Tests.Moves;

public sealed class IdempotencyTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task A_repeated_command_gets_the_first_ones_answer_even_after_other_moves()
    {
        var command = new MoveCommand(await desk.ProjectAsync("{}"), "begin", Desk.Ann) { IdempotencyKey = "once", Reason = "r", Changes = Desk.Json("""{"points":1.5}""") };
        var first = Moved(await desk.MoveAsync(command));
        first.Warnings.ShouldHaveSingleItem().Trace.ShouldNotBeNull();
        Text(await desk.MoveAsync(command)).ShouldBe(Text(first));
        Moved(await desk.MoveAsync(new(command.Project, "submit", Desk.Ann)));
        var before = await desk.EverythingAsync();
        Text(await desk.MoveAsync(command)).ShouldBe(Text(first));
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Another_command_under_the_same_key_is_refused_whatever_differs()
    {
        var command = new MoveCommand(await desk.ProjectAsync(), "begin", Desk.Ann) { IdempotencyKey = "taken" };
        Moved(await desk.MoveAsync(command));
        MoveCommand[] others =
        [
            command with { Project = await desk.ProjectAsync() }, command with { Transition = "rest" }, command with { Reason = "r" }, command with { ExpectedVersion = 1 },
            command with { Input = Desk.Json("""{"a":1}""") }, command with { Changes = Desk.Json("""{"points":1}""") },
        ];
        foreach (var other in others)
        {
            (await desk.MoveAsync(other)).ShouldBeOfType<MoveResult.Invalid>().Faults.ShouldHaveSingleItem()
                .ShouldSatisfyAllConditions(f => f.Pointer.ShouldBe("/idempotencyKey"), f => f.Key.ShouldBe(IdempotencyFaults.Reused));
        }
    }

    [Fact]
    public async Task The_order_of_members_is_no_difference()
    {
        var command = new MoveCommand(await desk.ProjectAsync(), "begin", Desk.Ann) { IdempotencyKey = "order", Changes = Desk.Json("""{"points":1,"text":"x"}""") };
        var first = Moved(await desk.MoveAsync(command));
        Text(await desk.MoveAsync(command with { Changes = Desk.Json("""{"text":"x","points":1.0}""") })).ShouldBe(Text(first));
    }

    [Fact]
    public async Task A_key_is_the_actors_own()
    {
        var project = await desk.ProjectAsync();
        Moved(await desk.MoveAsync(new(project, "begin", Desk.Ann) { IdempotencyKey = "mine" }));
        Moved(await desk.MoveAsync(new(project, "rest", Desk.Bob) { IdempotencyKey = "mine" })).Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_refusal_is_not_kept()
    {
        var command = new MoveCommand(await desk.ProjectAsync("{}", "begin"), "submit", Desk.Ann) { IdempotencyKey = "again" };
        (await desk.MoveAsync(command)).ShouldBeOfType<MoveResult.Refused>();
        await desk.AskAsync<object>("""update wfm.record r set fields = '{"points":1}' from wfm.project p where p.id = $1 and r.id = p.subject_id::uuid""", command.Project);
        Moved(await desk.MoveAsync(command));
    }

    [Fact]
    public async Task An_answer_is_kept_for_a_day()
    {
        var command = new MoveCommand(await desk.ProjectAsync(moves: "begin"), "rest", Desk.Ann) { IdempotencyKey = "day" };
        Moved(await desk.MoveAsync(command)).Version.ShouldBe(3);
        desk.Clock.Now += TimeSpan.FromHours(24);
        Moved(await desk.MoveAsync(command)).Version.ShouldBe(3);
        desk.Clock.Now += TimeSpan.FromMilliseconds(1);
        Moved(await desk.MoveAsync(command)).Version.ShouldBe(4);
        Moved(await desk.MoveAsync(command)).Version.ShouldBe(4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(201)]
    public async Task A_key_has_a_length(int length) =>
        (await desk.MoveAsync(new(await desk.ProjectAsync(), "begin", Desk.Ann) { IdempotencyKey = new string('k', length) })).ShouldBeOfType<MoveResult.Invalid>()
            .Faults.ShouldHaveSingleItem().Pointer.ShouldBe("/idempotencyKey");

    [Fact]
    public async Task Commands_that_race_under_one_key_have_one_effect_and_equal_answers()
    {
        for (var round = 0; round < 10; round++)
        {
            var command = new MoveCommand(await desk.ProjectAsync(moves: "begin"), "rest", Desk.Ann) { IdempotencyKey = $"race {round}" };
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => desk.MoveAsync(command))));
            answers.Select(Text).Distinct().ShouldHaveSingleItem();
            Moved(answers[0]).Version.ShouldBe(3);
            (await desk.AskAsync<int>("select version from wfm.project where id = $1", command.Project)).ShouldBe(3);
        }
    }

    [Fact]
    public async Task Starts_that_race_under_one_key_have_one_effect_and_equal_answers()
    {
        var command = new StartCommand(await desk.RecordAsync(), Desk.Ann) { IdempotencyKey = "race to start" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => desk.StartAsync(command))));
        answers.Select(Text).Distinct().ShouldHaveSingleItem();
        (await desk.AskAsync<long>("select count(*) from wfm.project where subject_id = $1", command.Subject.Id)).ShouldBe(1);
    }

    private static MoveResult.Moved Moved(MoveResult result) => result.ShouldBeOfType<MoveResult.Moved>();

    private static string Text(MoveResult result) => JsonSerializer.Serialize(Moved(result));
}
