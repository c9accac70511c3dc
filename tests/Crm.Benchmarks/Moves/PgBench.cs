using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Crm.Benchmarks.Moves;

/// <summary>PostgreSQL's own load generator, from the PATH or an installed server.</summary>
internal static partial class PgBench
{
    /// <summary>Gets the program; <c>null</c> where there is none (the embedded binaries bring the server alone).</summary>
    public static string? Program { get; } = Folders().Select(folder => Path.Combine(folder, "pgbench")).FirstOrDefault(File.Exists);

    /// <summary>The id of a project as the scripts make it, of decimal digits: they have no other way to make an id of numbers.</summary>
    public static Guid Id(int client, int project) => Guid.Parse((client * 1000 + project).ToString("D32", CultureInfo.InvariantCulture));

    /// <summary>Runs one of our scripts with prepared statements and gives transactions per second.</summary>
    public static Task<double> RunAsync(string script, string connectionString, int clients, TimeSpan time, params (string Name, int Value)[] variables) =>
        RunAsync([Path.Combine(AppContext.BaseDirectory, "pgbench", script)], connectionString, clients, time, [.. variables.Select(v => (v.Name, Text(v.Value)))]);

    /// <summary>Runs scripts, each transaction one of them at random, with prepared statements and gives transactions per second.</summary>
    public static async Task<double> RunAsync(IReadOnlyList<string> scripts, string connectionString, int clients, TimeSpan time, IReadOnlyList<(string Name, string Value)> variables)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = ["-h", target.Host!, "-p", Text(target.Port), "-U", target.Username!, "-n", "-M", "prepared", "-c", Text(clients), "-j", Text(Math.Min(clients, 2)),
            "-T", Text((int)time.TotalSeconds), .. scripts.SelectMany(s => new[] { "-f", s }), .. variables.SelectMany(v => new[] { "-D", $"{v.Name}={v.Value}" }), target.Database!];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["PGPASSWORD"] = target.Password;
        start.Environment["PGOPTIONS"] = target.Options;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 || !TransactionsPerSecond().IsMatch(output)) throw new InvalidOperationException($"pgbench: {await errors}{output}");
        return double.Parse(TransactionsPerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static IEnumerable<string> Folders() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : []);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^tps = ([0-9.]+)", RegexOptions.Multiline)]
    private static partial Regex TransactionsPerSecond();
}
