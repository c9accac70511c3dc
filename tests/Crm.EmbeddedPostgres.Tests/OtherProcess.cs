using System.Diagnostics;
using System.Text.Json;

namespace Crm.Embedded.Tests;

/// <summary>A second process that starts or joins a server and uses it until told to leave, or killed.</summary>
internal sealed class OtherProcess : IDisposable
{
    private readonly Process _process;

    private OtherProcess(Process process) => _process = process;

    public sealed record Started(int Port, string Folder, string ConnectionString);

    public static OtherProcess Run(EmbeddedPostgresOptions options, Action<ProcessStartInfo>? adjust = null, string? app = null)
    {
        app ??= Path.Combine(AppContext.BaseDirectory, "Crm.EmbeddedPostgres.Tests.App.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath!, [app, JsonSerializer.Serialize(options)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        adjust?.Invoke(start);
        return new OtherProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it has its server.</summary>
    public async Task<Started> StartedAsync() => JsonSerializer.Deserialize<Started>((await _process.StandardOutput.ReadLineAsync()).ShouldNotBeNull())!;

    /// <summary>Waits until it ends.</summary>
    public Task<string> SaidAsync() => _process.StandardOutput.ReadToEndAsync();

    public async Task LeaveAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.ExitCode.ShouldBe(0);
    }

    /// <summary>Without a chance to clean up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>What the terminal does on Ctrl-C: interrupts the process and all it has started in its session.</summary>
    public async Task PressCtrlCAsync()
    {
        (await Command.RunAsync(Command.Shell("""kill -s INT -- "-$1" """, $"{_process.Id}"), default)).ExitCode.ShouldBe(0);
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
