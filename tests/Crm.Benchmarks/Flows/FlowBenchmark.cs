using System.Diagnostics;
using System.Globalization;
using Crm.Benchmarks.Moves;
using Crm.Wfm;
using Crm.Wfm.Events;
using Crm.Wfm.Flows;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Crm.Benchmarks.Flows;

/// <summary>
/// Questions: how many durable steps does a host make in a second (a step is claimed, goes on, and is checkpointed with its journal)? Baseline: pgbench, claiming 50 rows
/// and checkpointing them. What does a flow cost that sleeps, on disk and in the host? And how long is it from the commit of an event to the first activity of what it
/// starts, in commits of a single row? Arguments <c>steps</c>, <c>latency</c> and <c>sleep</c> ask one of them alone.
/// </summary>
internal static class FlowBenchmark
{
    private const int Clients = 2;
    private const int ClaimedAtOnce = 50;
    private const int Turning = 200;
    private const int Asleep = 10_000;
    private const int Million = 1_000_000;
    private const int Parts = 50;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(50);
    private static readonly Actor By = new(new Guid("00000000-0000-0000-0000-0000000000aa"));

    public static async Task RunAsync(string[] args)
    {
        await using var database = await BenchmarkDatabase.StartAsync(durable: true);
        await FlowMigration.MigrateAsync(database.Owner, database.Application, CancellationToken.None);
        var parts = new Dictionary<string, Func<BenchmarkDatabase, Task>> { ["steps"] = StepsAsync, ["latency"] = LatencyAsync, ["sleep"] = SleepAsync };
        foreach (var (_, measure) in parts.Where(p => args is [] || args.Contains(p.Key))) await measure(database);
    }

    private static async Task StepsAsync(BenchmarkDatabase database)
    {
        await database.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "pgbench", "flow-init.sql")));
        await using var host = Host(database);
        await PublishAsync(host, "turning", """{"id": "loop", "type": "Elsa.While", "condition": {"expression": {"type": "Literal", "value": true}}, "body": {"id": "wait", "type": "Elsa.Delay", "timeSpan": {"expression": {"type": "Literal", "value": "00:00:00"}}}}""");
        await StartAsync(host, "turning", Turning);
        await new Rounds("steps/s", 5).RunAsync(
            new Contestant("pgbench: rows claimed, checkpointed", async () => ClaimedAtOnce * await PgBench.RunAsync("flow.sql", database.Owner, Clients, Time)),
            new Contestant($"flows: steps, {Clients} workers", () => TurnAsync(host)));
        // Turning for ever, they would be claimed by whoever measures next.
        await database.ExecuteAsync("truncate wfm_flows.run cascade");
    }

    private static async Task<double> TurnAsync(IServiceProvider host)
    {
        var runner = host.GetRequiredService<FlowRunner>();
        var watch = Stopwatch.StartNew();
        var made = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            while (watch.Elapsed < Time) count += await runner.RunOnceAsync(CancellationToken.None);
            return count;
        })));
        return made.Sum() / watch.Elapsed.TotalSeconds;
    }

    private static async Task LatencyAsync(BenchmarkDatabase database)
    {
        await database.ExecuteAsync("create table single (id int primary key, n int not null); insert into single values (1, 0); grant all on single to public");
        await using var host = Host(database, wfm => wfm.AddEventPump());
        await PublishAsync(host, "marking", """{"id": "chart", "type": "Elsa.Flowchart", "activities": [{"id": "told", "type": "Elsa.Event", "customProperties": {"canStartWorkflow": true}, "eventName": {"expression": {"type": "Literal", "value": "bench.told"}}}, {"id": "mark", "type": "Bench.Mark"}], "connections": [{"source": {"activity": "told", "port": "Done"}, "target": {"activity": "mark", "port": "In"}}]}""");
        foreach (var service in host.GetServices<IHostedService>()) await service.StartAsync(CancellationToken.None);
        await new Rounds("ms", 7).RunAsync(
            new Contestant("a commit of a single row", () => CommitAsync(database)),
            new Contestant("an event's commit until its flow begins", () => MedianAsync(50, () => DispatchAsync(host))));
        foreach (var service in host.GetServices<IHostedService>().Reverse()) await service.StopAsync(CancellationToken.None);
    }

    private static async Task<double> CommitAsync(BenchmarkDatabase database)
    {
        await using var source = NpgsqlDataSource.Create(database.Application);
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("update single set n = n + 1 where id = 1", connection);
        await command.PrepareAsync();
        return await MedianAsync(200, async () =>
        {
            var since = Stopwatch.GetTimestamp();
            await command.ExecuteNonQueryAsync();
            return Stopwatch.GetElapsedTime(since);
        });
    }

    private static async Task<TimeSpan> DispatchAsync(IServiceProvider host)
    {
        // Idle: events that follow one another at once are let gather.
        await Task.Delay(Idle);
        Mark.Begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scope = host.CreateAsyncScope();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<HostContext>().BeginAsync(CancellationToken.None);
        await scope.ServiceProvider.GetRequiredService<EventEmitter>()
            .EmitAsync([new("bench.told", new("parcel", Guid.CreateVersion7(TimeProvider.System.GetUtcNow())), Value.From(FactObject.Empty))], By, TimeProvider.System.GetUtcNow(), null, CancellationToken.None);
        await transaction.CommitAsync();
        var since = Stopwatch.GetTimestamp();
        var begun = await Mark.Begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return Stopwatch.GetElapsedTime(since, begun);
    }

    private static async Task<double> MedianAsync(int count, Func<Task<TimeSpan>> measure)
    {
        var times = new double[count];
        for (var i = 0; i < count; i++) times[i] = (await measure()).TotalMilliseconds;
        return Rounds.Median(times);
    }

    private static async Task SleepAsync(BenchmarkDatabase database)
    {
        await database.ExecuteAsync("truncate wfm_flows.run cascade");
        await using var host = Host(database);
        await PublishAsync(host, "sleeping", """{"id": "sequence", "type": "Elsa.Sequence", "activities": [{"id": "wait", "type": "Elsa.Delay", "timeSpan": {"expression": {"type": "Literal", "value": "P30D"}}}, {"id": "line", "type": "Elsa.WriteLine", "text": {"expression": {"type": "Literal", "value": "awake"}}}]}""");
        await StartAsync(host, "sleeping", Asleep);
        foreach (var table in new[] { "run", "journal", "bookmark" }) await database.ExecuteAsync($"vacuum full wfm_flows.{table}");
        var before = await SizesAsync(database);
        Console.WriteLine($"A flow that sleeps, bytes on disk: {string.Join(", ", before.Select(t => $"{t.Table} {t.Bytes / Asleep}"))}; together {before.Sum(t => t.Bytes) / Asleep}");

        var runner = host.GetRequiredService<FlowRunner>();
        var few = await HeapAsync(runner);
        var columns = await AskAsync(database, "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute where attrelid = 'wfm_flows.run'::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = '' and attname not in ('id')");
        for (var part = 0; part < Parts; part++)
            await database.ExecuteAsync($"insert into wfm_flows.run (id, {columns}) select gen_random_uuid(), {columns} from (select {columns} from wfm_flows.run limit 1) r, generate_series(1, {Million / Parts})");
        var many = await HeapAsync(runner);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A host's memory with {Asleep:N0} flows asleep: {few / 1e6:0.0} MB; with 1,000,000 more: {many / 1e6:0.0} MB, {(many - few) / 1e6:0.0} MB more"));
    }

    private static async Task<long> HeapAsync(FlowRunner runner)
    {
        for (var i = 0; i < 20; i++) await runner.RunOnceAsync(CancellationToken.None);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task<IReadOnlyList<(string Table, long Bytes)>> SizesAsync(BenchmarkDatabase database)
    {
        var sizes = new List<(string, long)>();
        foreach (var table in new[] { "run", "journal", "bookmark" })
            sizes.Add((table, long.Parse(await AskAsync(database, $"select pg_total_relation_size('wfm_flows.{table}')::text"), CultureInfo.InvariantCulture)));
        return sizes;
    }

    private static async Task<string> AskAsync(BenchmarkDatabase database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.Owner);
        await using var command = source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static ServiceProvider Host(BenchmarkDatabase database, Action<WfmBuilder>? more = null) => database.Host(wfm =>
    {
        wfm.AddFlows(o => (o.BatchSize, o.MaxSteps) = (ClaimedAtOnce, 1_000_000)).AddFlowActivity<Mark>();
        more?.Invoke(wfm);
    });

    private static async Task PublishAsync(IServiceProvider host, string id, string root)
    {
        await using var scope = host.CreateAsyncScope();
        var saved = await scope.ServiceProvider.GetRequiredService<FlowDefinitions>()
            .SaveAsync(new(Value.Parse($$"""{"definitionId": "{{id}}", "name": "{{id}}", "root": {{root}}}""")) { Publish = true }, By, CancellationToken.None);
        if (saved is DefinitionResult.Faulty { Faults: [var first, ..] }) throw new InvalidDataException($"{first.Pointer} {first.Message}");
    }

    private static async Task StartAsync(IServiceProvider host, string id, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await using var scope = host.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<FlowRuns>().StartAsync(new(id) { By = By }, CancellationToken.None) is not StartResult.Started) throw new InvalidOperationException($"'{id}' was not started.");
        }

        while (id == "sleeping" && await host.GetRequiredService<FlowRunner>().RunOnceAsync(CancellationToken.None) > 0)
        {
        }
    }

    /// <summary>Tells when it began.</summary>
    [FlowActivity("Bench.Mark", "Bench", "Tells when it began.", IsPure = true)]
    public sealed class Mark : IFlowActivity
    {
        public static TaskCompletionSource<long> Begun { get; set; } = new();

        public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
        {
            Begun.TrySetResult(Stopwatch.GetTimestamp());
            return Task.FromResult(ActivityResult.Done);
        }
    }
}
