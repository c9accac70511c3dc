using System.Collections.Concurrent;
using Crm.Wfm.Moves;

namespace Crm.Wfm.Tests.Moves;

public sealed class RaceTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task Of_two_moves_of_one_version_one_wins_and_the_other_conflicts()
    {
        for (var round = 0; round < 40; round++)
        {
            var command = new MoveCommand(await desk.ProjectAsync(), "begin", Desk.Ann) { ExpectedVersion = 1 };
            var results = await AllAtOnce(2, _ => desk.MoveAsync(command));
            results.OfType<MoveResult.Moved>().ShouldHaveSingleItem();
            results.OfType<MoveResult.Conflict>().ShouldHaveSingleItem().CurrentVersion.ShouldBe(2);
        }
    }

    [Fact]
    public async Task Without_a_version_the_loser_is_refused_as_it_is_no_longer_there()
    {
        for (var round = 0; round < 40; round++)
        {
            var project = await desk.ProjectAsync();
            var results = await AllAtOnce(2, _ => desk.MoveAsync(new(project, "begin", Desk.Ann)));
            results.OfType<MoveResult.Moved>().ShouldHaveSingleItem();
            results.OfType<MoveResult.Refused>().ShouldHaveSingleItem().Reasons.Keys().ShouldBe(["no-edge"]);
        }
    }

    [Fact]
    public async Task Of_many_starts_for_one_subject_one_wins()
    {
        for (var round = 0; round < 10; round++)
        {
            var record = await desk.RecordAsync();
            var results = await AllAtOnce(6, _ => desk.StartAsync(new(record, Desk.Ann)));
            results.OfType<MoveResult.Moved>().ShouldHaveSingleItem();
            results.OfType<MoveResult.Conflict>().Count().ShouldBe(5);
        }
    }

    [Fact]
    public async Task Moves_of_one_project_queue_up_and_their_history_holds()
    {
        var project = await desk.ProjectAsync(moves: "begin");
        (await AllAtOnce(20, _ => desk.MoveAsync(new(project, "rest", Desk.Ann)))).ShouldAllBe(r => r is MoveResult.Moved);
        (await desk.AskAsync<int>("select version from wfm.project where id = $1", project)).ShouldBe(22);
        await using var scope = desk.Scope();
        (await scope.Verifier.VerifyAsync(default)).Broken.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_passes_four_eyes_by_doing_both_at_once()
    {
        for (var round = 0; round < 30; round++)
        {
            var project = await desk.ProjectAsync(moves: "begin");
            var results = await AllAtOnce(4, i => desk.MoveAsync(new(project, i % 2 == 0 ? "submit" : "approve", Desk.Ann)));
            results.OfType<MoveResult.Moved>().ShouldHaveSingleItem().Transition.ShouldBe("submit");
        }
    }

    [Fact]
    public async Task A_limited_step_is_never_overfilled()
    {
        await desk.PublishAsync(Board.Bundle());
        for (var round = 0; round < 5; round++)
        {
            var cards = await CardsAsync(20);
            var results = await AllAtOnce(20, i => desk.MoveAsync(new(cards[i], "pull", Desk.Ann)));
            results.OfType<MoveResult.Moved>().Count().ShouldBe(Board.Limit);
            results.OfType<MoveResult.Refused>().ShouldAllBe(r => r.Reasons.Single().Key == "wip-limit");
            results.Count(r => r is MoveResult.Refused).ShouldBe(20 - Board.Limit);
            (await CountersAsync()).ShouldBe($"a {Board.Limit} b 0");
            foreach (var moved in results.OfType<MoveResult.Moved>()) (await desk.MoveAsync(new(moved.Project, "finish", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();
        }
    }

    [Fact]
    public async Task Moves_that_cross_between_limited_steps_do_not_deadlock_and_their_counters_are_right()
    {
        await desk.PublishAsync(Board.Bundle());
        var cards = await CardsAsync(4);
        foreach (var card in cards[..2]) await PullAsync(card);
        foreach (var card in cards[..2]) (await desk.MoveAsync(new(card, "right", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();
        foreach (var card in cards[2..]) await PullAsync(card);
        var results = new ConcurrentBag<MoveResult>();
        await AllAtOnce(4, async i =>
        {
            for (var round = 0; round < 40; round++) results.Add(await desk.MoveAsync(new(cards[i], (round % 2 == 0) == (i < 2) ? "left" : "right", Desk.Ann)));
            return results.First();
        });
        results.ShouldAllBe(r => r is MoveResult.Moved || r is MoveResult.Refused);
        results.OfType<MoveResult.Moved>().Count().ShouldBeGreaterThan(10);
        (await CountersAsync()).ShouldBe(await desk.AskAsync<string>("""
            select string_agg(s || ' ' || (select count(*) from wfm.project p where p.step = s and p.project_type = 'card'), ' ' order by s) from unnest(array['a', 'b']) s
            """));
        foreach (var card in cards) (await desk.MoveAsync(new(card, "finish", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();

        async Task PullAsync(Guid card) => (await desk.MoveAsync(new(card, "pull", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();
    }

    private static Task<MoveResult[]> AllAtOnce(int count, Func<int, Task<MoveResult>> move) => Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => move(i))));

    private Task<string> CountersAsync() => desk.AskAsync<string>("select string_agg(step || ' ' || count, ' ' order by step) from wfm.step_count where project_type = 'card'");

    private async Task<Guid[]> CardsAsync(int count)
    {
        var cards = new Guid[count];
        for (var i = 0; i < count; i++) cards[i] = await desk.ProjectAsync(await desk.RecordAsync("{}", "card"));
        return cards;
    }
}
