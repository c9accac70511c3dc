using Crm.Wfm.Moves;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Moves;

/// <summary>Moves that happened elsewhere, brought in at their own time.</summary>
public sealed class PastMoveTests(Desk desk) : IClassFixture<Desk>
{
    private static readonly DateTimeOffset Past = new(2011, 10, 1, 12, 30, 45, 123, TimeSpan.FromHours(2));

    [Fact]
    public async Task Moves_have_their_own_time_even_where_time_runs_backwards()
    {
        var project = (await desk.StartAsync(new(await desk.RecordAsync(), Desk.Ann) { Past = new(Past) })).ShouldBeOfType<MoveResult.Moved>().Project;
        (await desk.MoveAsync(new(project, "begin", Desk.Ann) { Past = new(Past.AddDays(1)) })).ShouldBeOfType<MoveResult.Moved>();
        var moved = (await desk.MoveAsync(new(project, "submit", Desk.Ann) { Past = new(Past.AddDays(-1)) })).ShouldBeOfType<MoveResult.Moved>();
        moved.At.ShouldBe(Past.AddDays(-1));
        (await desk.AskAsync<DateTime[]>("select array_agg(at order by version) from wfm.history where project_id = $1", project))
            .ShouldBe([Past.UtcDateTime, Past.UtcDateTime.AddDays(1), Past.UtcDateTime.AddDays(-1)]);
        (await desk.AskAsync<DateTime>("select entered_at from wfm.project where id = $1", project)).ShouldBe(Past.UtcDateTime.AddDays(-1));
        (await desk.AskAsync<bool>("select bool_and(recorded_at > '2020-01-01') from wfm.history where project_id = $1", project)).ShouldBeTrue();
        (await desk.AskAsync<string>("select private->'facts'->>'now' from wfm.history where project_id = $1 and version = 3", project)).ShouldBe(FactTime.Text(Past.AddDays(-1)));
        await using var scope = desk.Scope();
        (await scope.Verifier.VerifyAsync(default)).Broken.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_observed_move_is_made_all_the_same_and_notes_what_would_have_refused_it()
    {
        var project = await desk.ProjectAsync("{}", "begin");
        var observe = new PastMove(Past, Observe: true);
        (await desk.MoveAsync(new(project, "submit", Desk.Ann) { Past = observe })).ShouldBeOfType<MoveResult.Moved>().Observed.Keys().ShouldBe(["has-points"]);
        (await desk.MoveAsync(new(project, "approve", Desk.Ann) { Past = observe, Input = Desk.Json("""{"comment":7}""") })).ShouldBeOfType<MoveResult.Moved>()
            .Observed.Keys().ShouldBe(["four-eyes", "input"]);
        (await desk.AskAsync<string>("select string_agg(private->>'observed', ' ' order by version) from wfm.history where project_id = $1", project))
            .ShouldBe("""["has-points"] ["four-eyes", "input"]""");
    }

    [Fact]
    public async Task Observing_does_not_make_an_edge()
    {
        var project = await desk.ProjectAsync();
        (await desk.MoveAsync(new(project, "submit", Desk.Ann) { Past = new(Past, true) })).ShouldBeOfType<MoveResult.Refused>().Reasons.Keys().ShouldBe(["no-edge"]);
    }

    [Fact]
    public async Task A_past_move_that_is_not_observed_is_refused_like_any_other()
    {
        var project = await desk.ProjectAsync("{}", "begin");
        (await desk.MoveAsync(new(project, "submit", Desk.Ann) { Past = new(Past) })).ShouldBeOfType<MoveResult.Refused>().Reasons.Keys().ShouldBe(["has-points"]);
    }
}
