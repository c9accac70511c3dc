using System.Diagnostics;
using System.Text;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Processes;

/// <summary>The host as its user starts it: a process of its own, known by what it prints.</summary>
public sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly HttpClient _client = new();
    private readonly StringBuilder _errors = new();

    private HostProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, e) => _errors.AppendLine(e.Data);
        _process.BeginErrorReadLine();
    }

    public sealed record Ended(int ExitCode, string Output, string Errors);

    public string Url { get; private set; } = "";

    public string Key { get; private set; } = "";

    /// <summary>What it printed until it said which key to use.</summary>
    public string Output { get; private set; } = "";

    public Api Api => new(_client, Key);

    /// <summary>Starts a host that serves in Development, without demo records unless <c>--Crm:Demo=true</c> is given, and waits until it says where and with which key.</summary>
    public static async Task<HostProcess> ServeAsync(string host, Action<ProcessStartInfo>? adjust = null, params string[] arguments)
    {
        var served = new HostProcess(Process.Start(Command(host, "Development", adjust, ["--urls=http://127.0.0.1:0", "--Crm:Demo=false", .. arguments]))!);
        try
        {
            using var timeout = new CancellationTokenSource(Patience);
            while (served.Key.Length == 0) served.Read(await served._process.StandardOutput.ReadLineAsync(timeout.Token) ?? throw new InvalidOperationException($"The host ended:\n{served._errors}"));
            _ = served._process.StandardOutput.ReadToEndAsync(CancellationToken.None); // so that it never waits for a reader
            served._client.BaseAddress = new(served.Url);
            return served;
        }
        catch
        {
            served.Dispose();
            throw;
        }
    }

    /// <summary>Runs a verb to its end.</summary>
    public static Task<Ended> RunAsync(string host, string environment, Action<ProcessStartInfo>? adjust, params string[] arguments) => RunAsync("", host, environment, adjust, arguments);

    /// <summary>The same, with something on its standard input.</summary>
    public static async Task<Ended> RunAsync(string input, string host, string environment, Action<ProcessStartInfo>? adjust, string[] arguments)
    {
        var command = Command(host, environment, adjust, arguments);
        command.RedirectStandardInput = true;
        using var process = Process.Start(command)!;
        try
        {
            using var timeout = new CancellationTokenSource(Patience);
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(timeout.Token), process.StandardError.ReadToEndAsync(timeout.Token));
            await process.StandardInput.WriteAsync(input.AsMemory(), timeout.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(timeout.Token);
            return new(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>Runs a verb that answers line by line: writes one, and interrupts it once the answer is there.</summary>
    public static async Task<Ended> InterruptAsync(string line, string host, params string[] arguments)
    {
        var command = Command(host, "Production", null, arguments);
        command.RedirectStandardInput = true;
        using var process = Process.Start(command)!;
        try
        {
            using var timeout = new CancellationTokenSource(Patience);
            await process.StandardInput.WriteLineAsync(line.AsMemory(), timeout.Token);
            await process.StandardInput.FlushAsync(timeout.Token);
            var answer = await process.StandardOutput.ReadLineAsync(timeout.Token);
            var exitCode = await InterruptAsync(process);
            return new(exitCode, answer + await process.StandardOutput.ReadToEndAsync(timeout.Token), await process.StandardError.ReadToEndAsync(timeout.Token));
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>Ctrl-C.</summary>
    public Task<int> InterruptAsync() => InterruptAsync(_process);

    private static async Task<int> InterruptAsync(Process process)
    {
        using var kill = Process.Start("/bin/kill", ["-s", "INT", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        using var timeout = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(timeout.Token);
        return process.ExitCode;
    }

    /// <summary>Without a chance to clean up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        _client.Dispose();
    }

    private static ProcessStartInfo Command(string host, string environment, Action<ProcessStartInfo>? adjust, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [host, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        adjust?.Invoke(start);
        return start;
    }

    private void Read(string line)
    {
        Output += line + Environment.NewLine;
        if (line.StartsWith("Crm listens on ", StringComparison.Ordinal)) Url = line.Split(' ')[3];
        if (line.StartsWith("Demo API key: ", StringComparison.Ordinal)) Key = line["Demo API key: ".Length..];
    }
}
