using System.Text;
using System.Text.Json.Nodes;
using Crm.Testing;
using Crm.Wfm.Bundles;
using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Flows.Tests;

/// <summary>A host without a CRM, whose flows can note something down, tell an event, or do what a test wants.</summary>
public class FlowDesk : TestDatabase
{
    public static readonly Actor Ann = new(new Guid("00000000-0000-0000-0000-0000000000aa"));

    private ServiceProvider? _services;
    private int _versions;

    public TestClock Clock { get; } = new();

    public ServiceProvider Services => _services!;

    public FlowRunner Runner => Services.GetRequiredService<FlowRunner>();

    /// <summary>What <c>Test.Do</c> does.</summary>
    public Func<FlowContext, DbContext, CancellationToken, Task> OnDo { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>What <c>Test.Give</c> gives out.</summary>
    public Func<object?> ToGive { get; set; } = () => null;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _services = Host();
    }

    public override async Task DisposeAsync()
    {
        await _services!.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>A host of the same application.</summary>
    /// <param name="configure">Its options.</param>
    /// <param name="connection">How it reaches the database.</param>
    /// <param name="time">Its clock; the desk's unless another is given.</param>
    /// <param name="more">What else it has.</param>
    public virtual ServiceProvider Host(Action<FlowOptions>? configure = null, string? connection = null, TimeProvider? time = null, Action<WfmBuilder>? more = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(this).AddSingleton(time ?? Clock);
        services.AddDbContext<DeskContext>(o => o.UseNpgsql(connection ?? Application));
        Register(services);
        services.AddWfm<DeskContext>(wfm =>
        {
            wfm.AddFlows(o =>
            {
                // What is tried again is tried again at the second.
                o.Jitter = 0;
                configure?.Invoke(o);
            }).AddFlowActivity<Await>().AddFlowActivity<Note>().AddFlowActivity<Tell>().AddFlowActivity<Do>().AddFlowActivity<Give>();
            more?.Invoke(wfm);
        });
        return services.BuildServiceProvider(validateScopes: true);
    }

    /// <summary>What else the host has.</summary>
    protected virtual void Register(IServiceCollection services)
    {
    }

    /// <summary>A workspace of a test's own, with nothing left to do in any other, and these automations.</summary>
    public async Task<Guid> WorkspaceAsync(params (string Key, JsonObject Automation)[] automations)
    {
        OnDo = (_, _, _) => Task.CompletedTask;
        await PumpAsync();
        await RunAsync();
        var workspace = Guid.CreateVersion7(Clock.Now);
        if (automations.Length > 0 && await PublishAsync(workspace, automations) is PublishResult.Faulty faulty) faulty.Faults.ShouldBeEmpty();
        return workspace;
    }

    /// <summary>An automation on a type of events.</summary>
    public static JsonObject On(string eventType, JsonObject flow, params (string Name, JsonNode? Value)[] members)
    {
        var automation = new JsonObject { ["on"] = new JsonArray(eventType), ["flow"] = flow };
        foreach (var (name, value) in members.Where(m => m.Value is not null)) automation[name] = value;
        return automation;
    }

    /// <summary>Publishes the next version of a bundle with these automations.</summary>
    public async Task<PublishResult> PublishAsync(Guid workspace, params (string Key, JsonObject Automation)[] automations)
    {
        var bundle = JsonNode.Parse("""
            {
              "apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "tickets", "version": "1.0.0"}, "params": {"limit": {"type": "number", "default": 3}},
              "subjects": {"ticket": {"schema": {"type": "object", "properties": {}}}}, "projectTypes": {"ticket": {"workflow": "ticket", "subject": "ticket"}},
              "statuses": {"open": {"category": "open"}, "solved": {"category": "done"}},
              "workflows": {"ticket": {"steps": [{"status": "open", "initial": true}, {"status": "solved", "final": true}], "transitions": {"solve": {"from": ["open"], "to": "solved"}}}}
            }
            """)!;
        bundle["bundle"]!["version"] = $"1.0.{Interlocked.Increment(ref _versions)}";
        bundle["automations"] = new JsonObject(automations.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Automation.DeepClone())));
        await using var scope = Scope(workspace);
        return await scope.ServiceProvider.GetRequiredService<BundlePublisher>().PublishAsync(Encoding.UTF8.GetBytes(bundle.ToJsonString()), Ann, false, default);
    }

    /// <summary>Tells an event about a ticket.</summary>
    public async Task<Guid> TellAsync(Guid workspace, string type, string data = "{}", Guid? ticket = null)
    {
        await using var scope = Scope(workspace);
        await using var transaction = await scope.ServiceProvider.GetRequiredService<HostContext>().BeginAsync(default);
        var subject = new SubjectRef("ticket", ticket ?? Guid.CreateVersion7(Clock.Now));
        await scope.ServiceProvider.GetRequiredService<EventEmitter>().EmitAsync([new(type, subject, Value.Parse(data))], Ann, Clock.Now, null, default);
        await transaction.CommitAsync();
        return await AskAsync<Guid>("select id from wfm.event where subject = $1 order by sequence desc limit 1", subject.ToString());
    }

    /// <summary>Tells an event, and runs what it starts.</summary>
    public async Task<Guid> TellAndRunAsync(Guid workspace, string type, string data = "{}")
    {
        var told = await TellAsync(workspace, type, data);
        await PumpAsync();
        await RunAsync();
        return told;
    }

    public async Task PumpAsync()
    {
        while (await Services.GetRequiredService<EventPump>().RunOnceAsync(default) > 0)
        {
        }
    }

    public async Task RunAsync()
    {
        while (await Runner.RunOnceAsync(default) > 0)
        {
        }
    }

    /// <summary>The runs of a workspace as <c>flow status</c>, in the order they were started.</summary>
    public async Task<IReadOnlyList<string>> RunsAsync(Guid workspace) =>
        await AskAsync<string[]>("select coalesce(array_agg(coalesce(d.automation, d.definition_id) || ' ' || r.status order by r.created_at, e.sequence, d.automation), '{}') from wfm_flows.run r join wfm_flows.definition d on d.workspace_id = r.workspace_id and d.number = r.definition left join wfm.event e on e.workspace_id = r.workspace_id and e.id = r.event_id where r.workspace_id = $1", workspace);

    public Task<string> ErrorAsync(Guid workspace) => AskAsync<string>("select concat_ws(': ', error_activity, error) from wfm_flows.run where workspace_id = $1", workspace);

    /// <summary>What the only run of a workspace did, as <c>activity outcome</c>.</summary>
    public async Task<IReadOnlyList<string>> JournalAsync(Guid workspace) =>
    [
        .. from entry in await EntriesAsync(workspace)
           where entry.Type is not ("Elsa.Workflow" or "Elsa.Flowchart")
           select $"{entry.Activity.Split(':')[^1]} {(entry.Kind == JournalKind.Completed ? string.Join(',', entry.Outcomes) : entry.Kind.ToString().ToLowerInvariant())}".TrimEnd(),
    ];

    /// <summary>What the runs of a workspace did.</summary>
    internal async Task<IReadOnlyList<JournalEntry>> EntriesAsync(Guid workspace) =>
        [.. (await AskAsync<string[]>($"select coalesce(array_agg(entries order by run_id, burst), array[]::text[]) from {RunStore.Bursts} b where workspace_id = $1", workspace)).SelectMany(JournalText.Read)];

    /// <summary>What was noted down, in no order.</summary>
    public async Task<IReadOnlyList<string>> NotesAsync(Guid workspace) =>
        await AskAsync<string[]>("select coalesce(array_agg(name order by name), '{}') from wfm.record where workspace_id = $1", workspace);

    public async Task<T> AskAsync<T>(string sql, params object[] parameters)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Owner) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public AsyncServiceScope Scope(Guid workspace)
    {
        var scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().Id = workspace;
        return scope;
    }

    protected override async Task MigrateAsync(string owner, string application)
    {
        await WfmMigration.MigrateAsync(owner, application, default);
        await FlowMigration.MigrateAsync(owner, application, default);
    }

    /// <summary>Notes something down; leaves saving to the run.</summary>
    [FlowActivity("Test.Note", "Test", "Notes something down.")]
    public sealed class Note(DeskContext db) : IFlowActivity
    {
        [FlowInput("What.")]
        public required string Text { get; init; }

        [FlowOutput("The note.")]
        public Guid NoteId { get; private set; }

        public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
        {
            NoteId = Guid.CreateVersion7(flow.Now);
            db.Add(new RecordRow
            {
                WorkspaceId = flow.Workspace, Id = NoteId, Type = "note", Name = Text, Fields = "{}", Version = 1,
                CreatedAt = flow.Now.ToUniversalTime(), CreatedBy = Guid.Empty, UpdatedAt = flow.Now.ToUniversalTime(), UpdatedBy = Guid.Empty,
            });
            return Task.FromResult(ActivityResult.Done);
        }
    }

    /// <summary>Tells an event, traced back to the one that started the run.</summary>
    [FlowActivity("Test.Tell", "Test", "Tells an event.")]
    public sealed class Tell(EventEmitter events) : IFlowActivity
    {
        [FlowInput("Its type.")]
        public required string EventType { get; init; }

        public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
        {
            await events.EmitAsync([new(EventType, new("ticket", Guid.CreateVersion7(flow.Now)), Value.From(FactObject.Empty))], Actor.System, flow.Now, flow.Cause, ct);
            return ActivityResult.Done;
        }
    }

    /// <summary>Waits for a signal, and gives out with what it came.</summary>
    [FlowActivity("Test.Await", "Test", "Waits for a signal.", IsPure = true)]
    public sealed class Await : IResumableActivity
    {
        [FlowInput("Its name.")]
        public required string Signal { get; init; }

        [FlowOutput("With what it came.")]
        public Value Payload { get; private set; }

        public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct) => Task.FromResult<ActivityResult>(new ActivityResult.Suspended(new Wait.For(Signal)));

        public Task<ActivityResult> ResumeAsync(FlowContext flow, Happened happened, CancellationToken ct)
        {
            Payload = happened.Payload;
            return Task.FromResult(ActivityResult.Done);
        }
    }

    /// <summary>Gives out what a test wants.</summary>
    [FlowActivity("Test.Give", "Test", "Gives out what a test wants.", IsPure = true)]
    public sealed class Give(FlowDesk desk) : IFlowActivity
    {
        [FlowOutput("It.")]
        public object? Given { get; private set; }

        public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
        {
            Given = desk.ToGive();
            return Task.FromResult(ActivityResult.Done);
        }
    }

    /// <summary>Does what a test wants.</summary>
    [FlowActivity("Test.Do", "Test", "Does what a test wants.")]
    public sealed class Do(FlowDesk desk, DeskContext db) : IFlowActivity
    {
        public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
        {
            await desk.OnDo(flow, db, ct);
            return ActivityResult.Done;
        }
    }
}

/// <summary>A context that maps nothing but the engine's tables.</summary>
public sealed class DeskContext(DbContextOptions<DeskContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWfm();
}
