using Crm.Testing;
using Crm.Wfm.Moves;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Tests.Moves;

public sealed class RoundTripTests(RoundTripTests.CountedDesk desk) : IClassFixture<RoundTripTests.CountedDesk>
{
    [Fact]
    public async Task A_warm_move_takes_two_round_trips()
    {
        var project = await desk.ProjectAsync(moves: "begin");
        await CountAsync(2, _ => desk.MoveAsync(new(project, "rest", Desk.Ann) { Reason = "r" }));
    }

    [Fact]
    public async Task With_an_idempotency_key_it_still_takes_two()
    {
        var project = await desk.ProjectAsync(moves: "begin");
        await CountAsync(2, i => desk.MoveAsync(new(project, "rest", Desk.Ann) { IdempotencyKey = $"key {i}" }));
    }

    [Fact]
    public async Task With_changes_it_still_takes_two()
    {
        var project = await desk.ProjectAsync(moves: "begin");
        await CountAsync(2, i => desk.MoveAsync(new(project, "rest", Desk.Ann) { Changes = Desk.Json($$"""{"points":{{i}} }""") }));
    }

    [Fact]
    public async Task A_start_takes_two()
    {
        var records = new List<SubjectRef>();
        for (var i = 0; i < 10; i++) records.Add(await desk.RecordAsync());
        await CountAsync(2, i => desk.StartAsync(new(records[i], Desk.Ann) { IdempotencyKey = $"start {i}" }));
    }

    [Fact]
    public async Task The_first_move_of_a_project_this_host_has_not_met_takes_three()
    {
        var projects = new List<Guid>();
        for (var i = 0; i < 10; i++) projects.Add(await desk.ProjectAsync());
        await using var other = desk.OtherHost();
        await CountAsync(3, async i =>
        {
            await using var scope = new EngineScope(other.CreateAsyncScope(), Workspace.Default);
            return await scope.Engine.MoveAsync(new(projects[i], "begin", Desk.Ann), default);
        });
    }

    [Fact]
    public async Task When_the_answer_to_the_commit_is_lost_repeating_under_the_key_tells_what_happened()
    {
        var project = await desk.ProjectAsync(moves: "begin");
        await CountAsync(2, _ => desk.MoveAsync(new(project, "rest", Desk.Ann)));
        var command = new MoveCommand(project, "rest", Desk.Ann) { IdempotencyKey = "lost" };
        desk.Counter.LoseAnswer(2);
        await Should.ThrowAsync<NpgsqlException>(() => desk.MoveAsync(command));
        var version = await desk.AskAsync<int>("select version from wfm.project where id = $1", project);
        (await desk.MoveAsync(command)).ShouldBeOfType<MoveResult.Moved>().Version.ShouldBe(version);
        (await desk.AskAsync<int>("select version from wfm.project where id = $1", project)).ShouldBe(version);
    }

    // The first ones open the connection and prepare the statements.
    private async Task CountAsync(int expected, Func<int, Task<MoveResult>> move)
    {
        const int Warm = 4;
        for (var i = 0; i < 10; i++)
        {
            var before = desk.Counter.Trips;
            (await move(i)).ShouldBeOfType<MoveResult.Moved>();
            if (i >= Warm) (desk.Counter.Trips - before).ShouldBe(expected);
        }
    }

    /// <summary>A desk whose way to the database is counted.</summary>
    public sealed class CountedDesk : Desk
    {
        private TripCounter? _counter;

        public TripCounter Counter => _counter ??= new(Application);

        protected override string Connection => Counter.ConnectionString;

        /// <summary>Another host of the same application, that has met nobody yet.</summary>
        public ServiceProvider OtherHost()
        {
            var services = new ServiceCollection().AddLogging();
            Configure(services);
            return services.BuildServiceProvider();
        }

        public override async Task DisposeAsync()
        {
            await using (var counted = new NpgsqlConnection(Connection)) NpgsqlConnection.ClearPool(counted);
            await Counter.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
