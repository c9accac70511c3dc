using Crm.Host.Database;
using Crm.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Host.Tests.Database;

public sealed class DatabaseClockTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task A_machine_whose_clock_is_years_off_tells_the_databases_time_once_it_has_asked()
    {
        var machine = new TestClock { Now = new(1999, 12, 31, 0, 0, 0, TimeSpan.Zero) };
        var clock = new DatabaseClock(host.Services.GetRequiredService<CrmDatabase>(), machine);
        clock.GetUtcNow().ShouldBe(machine.Now);
        var before = await DatabaseTimeAsync();
        await clock.SyncAsync(default);
        var told = clock.GetUtcNow();
        told.ShouldBeInRange(before, (await DatabaseTimeAsync()).AddSeconds(1));
        machine.Now += TimeSpan.FromHours(3);
        clock.GetUtcNow().ShouldBe(told + TimeSpan.FromHours(3));
    }

    private async Task<DateTimeOffset> DatabaseTimeAsync()
    {
        await using var connection = new NpgsqlConnection(host.Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        return new((DateTime)(await command.ExecuteScalarAsync())!, TimeSpan.Zero);
    }
}
