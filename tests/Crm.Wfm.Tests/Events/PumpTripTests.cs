using Crm.Testing;
using Crm.Wfm.Events;
using Crm.Wfm.Tests.Moves;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Tests.Events;

/// <summary>What the pump costs, counted in round trips.</summary>
public sealed class PumpTripTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task A_batch_takes_three_roundtrips_however_many_events_it_has_and_finding_none_takes_two()
    {
        await using var counter = new TripCounter(desk.Application);
        await using var host = new ServiceCollection().AddLogging()
            .AddDbContext<EngineContext>(o => o.UseNpgsql(counter.ConnectionString)).AddWfm<EngineContext>(wfm => wfm.AddEventPump()).BuildServiceProvider();
        var pump = host.GetRequiredService<EventPump>();
        var trips = new List<(int Events, int Trips)>();
        foreach (var events in new[] { 1, 1, 1, 1, 0, 0, 0, 1, 40 }) // the first ones open the connection and prepare the statements
        {
            if (events > 0) await desk.ProjectAsync(moves: [.. Enumerable.Range(1, events - 1).Select(i => i == 1 ? "begin" : "rest")]);
            var before = counter.Trips;
            (await pump.RunOnceAsync(default)).ShouldBe(events);
            trips.Add((events, counter.Trips - before));
        }

        // The claim with its events, the commit and the signal; the claim and its rollback.
        trips[^5..].ShouldBe([(0, 2), (0, 2), (0, 2), (1, 3), (40, 3)]);
        await using var counted = new NpgsqlConnection(counter.ConnectionString);
        NpgsqlConnection.ClearPool(counted);
    }
}
