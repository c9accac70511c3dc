using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Crm.Wfm.Flows.Tests.App;

namespace Crm.Wfm.Flows.Tests.Faults;

/// <summary>Another host, a process of its own, that runs what is due when it is told the time.</summary>
internal sealed class OtherHost : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private OtherHost(Process process) => _process = process;

    public static async Task<OtherHost> StartAsync(HostOptions options)
    {
        var app = Path.Combine(AppContext.BaseDirectory, "Crm.Wfm.Flows.Tests.App.dll");
        var host = new OtherHost(Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [app, JsonSerializer.Serialize(options)]) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
        (await host.LineAsync()).ShouldBe("ready");
        return host;
    }

    /// <summary>Tells it the time, and waits until nothing is due any more.</summary>
    /// <returns>Whether it came that far, or had no connection any more; not when it was killed.</returns>
    public async Task<bool> RunAsync(DateTimeOffset time)
    {
        await TellAsync(time);
        return await LineAsync() is not null;
    }

    public async Task TellAsync(DateTimeOffset time)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(time.ToString("O", CultureInfo.InvariantCulture));
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It is gone.
        }
    }

    /// <summary>Waits for what it says; <c>null</c> when it is gone.</summary>
    public async Task<string?> LineAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        return await _process.StandardOutput.ReadLineAsync(timeout.Token);
    }

    /// <summary>Without a chance to clean up.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Stops it where it is, and lets it go on later.</summary>
    public void Pause() => Signal("STOP");

    public void Continue() => Signal("CONT");

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
