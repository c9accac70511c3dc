using System.Diagnostics;
using Crm.Benchmarks.Moves;
using Crm.Wfm.Events;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Benchmarks.Events;

/// <summary>
/// Questions: what does a move pay for its event to be told in order, with nobody telling and with a pump at work? Baseline: pgbench with a move's statements
/// where events are written and left at that. And how many events per second does a pump hand over, by the size of its batches? Baseline: one by one.
/// </summary>
internal static class EventBenchmark
{
    private const int Clients = 4;
    private const int Projects = 16;
    private const int PgBenchProjects = 500;
    private const int Backlog = 2000;

    private const string WithoutOutbox = """
        create or replace function wfm.append_events(p_events jsonb) returns void
          language sql security definer set search_path = pg_catalog, pg_temp
          as $$
          insert into wfm.event (workspace_id, id, type, subject, time, actor_id, correlation_id, causation_id, depth, traceparent, data)
            select wfm.workspace(), e.id, e.type, e.subject, e.time, e.actor, e.correlation, e.causation, e.depth, e.traceparent, e.data
            from rows from (jsonb_to_recordset(p_events)
                as (id uuid, type text, subject text, time timestamptz, actor uuid, correlation uuid, causation uuid, depth int, traceparent text, data jsonb))
              with ordinality as e (id, type, subject, time, actor, correlation, causation, depth, traceparent, data, n)
            order by e.n
          $$
        """;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(string[] args)
    {
        foreach (var durable in new[] { true, false })
        {
            Console.WriteLine($"{(durable ? "durable" : "fsync off")}, {Clients} clients");
            await using var database = await BenchmarkDatabase.StartAsync(durable);
            await database.PublishAsync(Parcels.Bundle);
            for (var client = 0; client < Clients; client++) await PgBenchProjectsAsync(database, client);
            var outbox = await DefinitionAsync(database);
            await new Rounds("moves/s", 7).RunAsync(
                new Contestant("events that nobody tells", () => MoveAsync(database, WithoutOutbox)),
                new Contestant("events in the outbox", () => MoveAsync(database, outbox)),
                new Contestant("and a pump at work", () => PumpedAsync(database, () => MoveAsync(database, outbox))));
            await database.ExecuteAsync(outbox);
            await new Rounds("events/s", 5).RunAsync([.. new[] { 1, 10, 50, 200, 1000 }.Select(size => new Contestant($"a pump, {size} at once", () => DrainAsync(database, size)))]);
        }
    }

    private static async Task<double> MoveAsync(BenchmarkDatabase database, string appendEvents)
    {
        await database.ExecuteAsync($"{appendEvents}; truncate wfm.outbox");
        return await PgBench.RunAsync("move.sql", database.Application, Clients, Time, ("projects", Projects));
    }

    // Nothing wakes it: the moves are another process's. So it looks as often as it would be woken.
    private static async Task<double> PumpedAsync(BenchmarkDatabase database, Func<Task<double>> measure)
    {
        await using var host = database.Host(wfm => wfm.AddEventPump(o => o.Interval = o.Gather));
        var pump = host.GetRequiredService<EventPump>();
        await pump.StartAsync(CancellationToken.None);
        var figure = await measure();
        await pump.StopAsync(CancellationToken.None);
        return figure;
    }

    private static async Task<double> DrainAsync(BenchmarkDatabase database, int size)
    {
        await database.ExecuteAsync($"truncate wfm.feed, wfm.parked_event, wfm.outbox; insert into wfm.outbox select workspace_id, sequence from wfm.event limit {Backlog}");
        await using var host = database.Host(wfm => wfm.AddEventPump(o => o.BatchSize = size));
        var pump = host.GetRequiredService<EventPump>();
        var watch = Stopwatch.StartNew();
        var count = 0;
        while (await pump.RunOnceAsync(CancellationToken.None) is > 0 and var handled) count += handled;
        return count / watch.Elapsed.TotalSeconds;
    }


    private static async Task<string> DefinitionAsync(BenchmarkDatabase database)
    {
        await using var source = NpgsqlDataSource.Create(database.Owner);
        await using var command = source.CreateCommand("select pg_get_functiondef('wfm.append_events'::regproc)");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static async Task PgBenchProjectsAsync(BenchmarkDatabase database, int client)
    {
        for (var i = 0; i < Projects; i++)
        {
            await using var scope = database.Scope();
            await Parcels.StartAsync(scope, PgBench.Id(client, PgBenchProjects + i), CancellationToken.None);
        }
    }
}
