using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Crm.Benchmarks.Lists;

/// <summary>A statement as the server got it.</summary>
/// <param name="Sql">Its text, parameters as <c>$1</c>, <c>$2</c>, ….</param>
/// <param name="Values">The parameters' values as text; <c>null</c> is null.</param>
internal sealed record Statement(string Sql, IReadOnlyList<string?> Values)
{
    /// <summary>Gets whether a transaction begins with it.</summary>
    public bool Begins => Sql.StartsWith("begin", StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets whether a transaction ends with it.</summary>
    public bool Ends => Sql.Equals("commit", StringComparison.OrdinalIgnoreCase) || Sql.Equals("rollback", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Hears from the server's own log what a login sends, so that a baseline is made of what was sent and not of what somebody believes.</summary>
internal sealed partial class StatementLog(FilledHost host)
{
    private const string Mark = "that was all";

    /// <summary>Hears the statements of one request after another.</summary>
    /// <param name="requests">The requests; each is sent once before it is listened to, for what only a first one sends.</param>
    public async Task<IReadOnlyList<IReadOnlyList<Statement>>> HearAsync(IReadOnlyList<Func<Task>> requests)
    {
        await host.ExecuteAsync($"alter role {FilledHost.Login} set log_statement = 'all'");
        // Nothing but requests shall speak: what works by itself does so once an hour.
        await host.RestartAsync("--Crm:Boards:FoldEvery=01:00:00", "--Wfm:EventPump:Interval=01:00:00", "--Wfm:EventPump:Gather=00:01:00");
        foreach (var request in requests) await request();
        var heard = new List<IReadOnlyList<Statement>>();
        var from = await EndAsync(0);
        foreach (var request in requests)
        {
            await request();
            var to = await EndAsync(from);
            heard.Add([.. await ReadAsync(from)]);
            from = to;
        }

        await host.ExecuteAsync($"alter role {FilledHost.Login} reset log_statement");
        await host.RestartAsync();
        return heard;
    }

    // The log is written by a process of its own, in the order it is told: once a mark is there, so is all before it.
    private async Task<long> EndAsync(long from)
    {
        await host.AskAsync<object>($"do $$ begin raise log '{Mark}'; end $$");
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30); await Task.Delay(20))
        {
            var log = await TextAsync(from);
            if (log.LastIndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at && log.IndexOf('\n', at) is > 0 and var end) return from + Encoding.UTF8.GetByteCount(log.AsSpan(0, end + 1));
        }

        throw new InvalidOperationException("The server does not write its log.");
    }

    private async Task<string> TextAsync(long from) => (await host.AskAsync<string>($"select pg_read_file(pg_current_logfile('jsonlog'), {from}, 100000000)"))[0];

    private async Task<IEnumerable<Statement>> ReadAsync(long from) =>
        (await TextAsync(from)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).Select(Read).OfType<Statement>();

    private static Statement? Read(JsonElement line)
    {
        // What cleans a session that was used before is the pool's, and several statements in one.
        if (Said().Match(line.GetProperty("message").GetString()!) is not { Success: true } said || said.Groups[1].Value.StartsWith("SET SESSION AUTHORIZATION", StringComparison.Ordinal)) return null;
        var values = new List<string?>();
        if (line.TryGetProperty("detail", out var detail) && detail.GetString() is { } parameters && parameters.StartsWith("parameters: ", StringComparison.OrdinalIgnoreCase))
        {
            foreach (Match value in Parameter().Matches(parameters)) values.Add(value.Groups[1].Success ? value.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal) : null);
        }

        return new(said.Groups[1].Value, values);
    }

    [GeneratedRegex(@"^(?:statement|execute [^:]+): (.*)$", RegexOptions.Singleline)]
    private static partial Regex Said();

    [GeneratedRegex(@"\G(?:parameters: |, )\$\d+ = (?:'((?:[^']|'')*)'|NULL)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Parameter();
}
