using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Host.Tests.Flows;

/// <summary>A host with all automations of the samples, on whose clock time passes when a test says so.</summary>
public class ClockedHost : CrmHost
{
    private readonly MovedClock _clock = new();

    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Lets time pass, waits until what became due is done.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        await QuietAsync();
        _clock.Ahead += time;
        await QuietAsync();
    }

    /// <summary>Keeps flows from being started until what it gives is disposed of.</summary>
    public async Task<IAsyncDisposable> HoldStartsAsync()
    {
        var owner = new NpgsqlConnection(Owner);
        await owner.OpenAsync();
        await using var command = new NpgsqlCommand("begin; lock table wfm_flows.run in share row exclusive mode", owner);
        await command.ExecuteNonQueryAsync();
        return owner;
    }

    protected override async Task<IReadOnlyList<byte[]>> BundlesAsync() => [await Samples.ReadAsync("sales-pipeline"), await Samples.ReadAsync("lead-qualification")];

    protected override void Configure(WebApplicationBuilder builder) => builder.Services.AddSingleton<TimeProvider>(_clock);

    private sealed class MovedClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
