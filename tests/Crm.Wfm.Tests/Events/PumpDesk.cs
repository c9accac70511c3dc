using Crm.Wfm.Events;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Tests.Moves;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Tests.Events;

/// <summary>A desk with an event pump and two consumers: <c>first</c> does what a test wants, <c>notes</c> writes a record for every event.</summary>
public sealed class PumpDesk : Desk
{
    /// <summary>What <c>first</c> does.</summary>
    public Func<Handed, Task> OnFirst { get; set; } = _ => Task.CompletedTask;

    /// <summary>What <c>first</c> does when it is told of the commit.</summary>
    public Action OnCommitted { get; set; } = () => { };

    public EventPump Pump => Services.GetRequiredService<EventPump>();

    /// <summary>Another host of the same application.</summary>
    public ServiceProvider OtherHost(Action<EventPumpOptions>? configure = null)
    {
        var services = new ServiceCollection().AddLogging();
        Configure(services);
        if (configure is not null) services.Configure(configure);
        return services.BuildServiceProvider();
    }

    /// <summary>A workspace of a test's own, with nothing left to pump in any other.</summary>
    public async Task<Guid> WorkspaceAsync()
    {
        (OnFirst, OnCommitted) = (_ => Task.CompletedTask, () => { });
        await DrainAsync();
        var workspace = Guid.CreateVersion7(Clock.Now);
        await PublishAsync(Bundle(), workspace);
        return workspace;
    }

    public async Task<int> DrainAsync()
    {
        var total = 0;
        while (await Pump.RunOnceAsync(default) is > 0 and var count) total += count;
        return total;
    }

    /// <summary>Makes a project: one event.</summary>
    public async Task<Guid> ProjectIn(Guid workspace) =>
        (await StartAsync(new(await RecordAsync(workspace: workspace), Ann), workspace)).ShouldBeOfType<MoveResult.Moved>().Project;

    /// <summary>Makes a number of events.</summary>
    public async Task EventsAsync(Guid workspace, int count)
    {
        var project = await ProjectIn(workspace);
        for (var i = 1; i < count; i++) (await MoveAsync(new(project, i == 1 ? "begin" : "rest", Ann), workspace)).ShouldBeOfType<MoveResult.Moved>();
    }

    public async Task<IReadOnlyList<WfmEvent>> FeedAsync(Guid workspace)
    {
        await using var scope = Services.CreateAsyncScope();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<EngineContext>().Database.BeginWorkspaceAsync(workspace);
        return await scope.ServiceProvider.GetRequiredService<EventFeed>().ReadAsync(0, 10_000, default);
    }

    /// <summary>The ids of the events there are notes of, in no order, as often as there are.</summary>
    public async Task<IReadOnlyList<Guid>> NotesAsync(Guid workspace) =>
        await AskAsync<Guid[]>("select coalesce(array_agg((fields->>'event')::uuid), '{}') from wfm.record where workspace_id = $1 and type = 'note'", workspace);

    public Task<long> OutboxAsync(Guid workspace) => AskAsync<long>("select count(*) from wfm.outbox where workspace_id = $1", workspace);

    protected override void Configure(IServiceCollection services)
    {
        base.Configure(services);
        services.AddSingleton(this);
    }

    protected override void Configure(WfmBuilder wfm)
    {
        base.Configure(wfm);
        wfm.AddEventConsumer<First>("first").AddEventConsumer<Notes>("notes").AddEventPump();
    }

    private sealed class First(PumpDesk desk, MoveEngine engine) : IEventConsumer
    {
        public Task ConsumeAsync(IReadOnlyList<WfmEvent> events, DbContext db, CancellationToken ct) => desk.OnFirst(new(events, db, engine, ct));

        public void Committed() => desk.OnCommitted();
    }

    // Leaves saving to the pump.
    private sealed class Notes : IEventConsumer
    {
        public Task ConsumeAsync(IReadOnlyList<WfmEvent> events, DbContext db, CancellationToken ct)
        {
            db.AddRange(events.Select(e => new RecordRow
            {
                WorkspaceId = e.Workspace, Id = Guid.CreateVersion7(e.Time), Type = "note", Name = e.Type, Fields = $$"""{"event":"{{e.Id}}"}""", Version = 1,
                CreatedAt = e.Time, CreatedBy = e.Actor, UpdatedAt = e.Time, UpdatedBy = e.Actor,
            }));
            return Task.CompletedTask;
        }
    }
}

/// <summary>What a consumer has at hand.</summary>
public sealed record Handed(IReadOnlyList<WfmEvent> Events, DbContext Db, MoveEngine Engine, CancellationToken Ct);
