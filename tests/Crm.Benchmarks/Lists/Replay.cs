using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Crm.Benchmarks.Moves;
using Npgsql;

namespace Crm.Benchmarks.Lists;

/// <summary>What a request's statements do in the database, without the host.</summary>
internal sealed partial class Replay(FilledHost host)
{
    // Often enough that PostgreSQL has made up its mind whether to plan a prepared statement anew each time.
    private const int Executions = 7;

    /// <summary>Runs requests' statements by pgbench, one request after another at random, and gives requests per second.</summary>
    public async Task<double> PgBenchAsync(IReadOnlyList<IReadOnlyList<Statement>> requests, int clients, TimeSpan time)
    {
        var folder = Directory.CreateTempSubdirectory("crm-bench");
        var variables = new List<(string Name, string Value)>();
        var scripts = new List<string>();
        foreach (var (request, i) in requests.Select((r, i) => (r, i)))
        {
            scripts.Add(Path.Combine(folder.FullName, $"{i}.sql"));
            await File.WriteAllTextAsync(scripts[i], Script(request, $"r{i}", variables));
        }

        var figure = await PgBench.RunAsync(scripts, host.Application, clients, time, variables);
        folder.Delete(recursive: true);
        return figure;
    }

    // The same transactions in as many round trips: BEGIN travels ahead of the next statement.
    private static string Script(IReadOnlyList<Statement> statements, string prefix, List<(string Name, string Value)> variables)
    {
        var script = new StringBuilder();
        var begun = false;
        foreach (var (statement, i) in statements.Select((s, i) => (s, i)))
        {
            if (statement.Begins) script.Append("\\startpipeline\n");
            script.Append(Put(statement, n =>
            {
                if (statement.Values[n] is not { } value) return "null";
                variables.Add(($"{prefix}_{i}_{n}", value));
                return $":{prefix}_{i}_{n}";
            })).Append(";\n");
            if (begun) script.Append("\\endpipeline\n");
            begun = statement.Begins;
        }

        return script.ToString();
    }

    /// <summary>Counts what one more time reads after several: index entries, and rows of tables read as a whole.</summary>
    public async Task<long> RowsAsync(IReadOnlyList<Statement> statements)
    {
        await using var session = await SessionAsync(statements);
        var before = await CountAsync();
        foreach (var execute in session.Executes) await session.AskAsync(execute);
        await session.AskAsync("select pg_stat_force_next_flush()");
        await session.AskAsync("rollback");
        return await CountAsync() - before;
    }

    /// <summary>Tells how PostgreSQL goes about it after several times.</summary>
    public async Task<string> PlansAsync(IReadOnlyList<Statement> statements)
    {
        await using var session = await SessionAsync(statements);
        var plans = new StringBuilder();
        foreach (var (execute, statement) in session.Executes.Zip(Inner(statements)))
        {
            plans.AppendLine(statement.Sql).AppendLine(string.Join(" | ", statement.Values));
            foreach (var line in await session.AskAsync("explain (analyze, buffers) " + execute)) plans.Append("    ").AppendLine(line);
        }

        return plans.ToString();
    }

    private static IEnumerable<Statement> Inner(IEnumerable<Statement> statements) => statements.Where(s => !s.Begins && !s.Ends);

    private static string Put(Statement statement, Func<int, string> value) =>
        Parameter().Replace(statement.Sql, match => value(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) - 1));

    private static string Literal(string? value) => value is null ? "null" : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    // One that has prepared everything and done it several times, in one transaction of the workspace.
    private async Task<Session> SessionAsync(IReadOnlyList<Statement> statements)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(host.Application) { Pooling = false, MaxAutoPrepare = 0 }.ConnectionString);
        await connection.OpenAsync();
        var session = new Session(connection, []);
        await session.AskAsync("begin");
        foreach (var (statement, i) in Inner(statements).Select((s, i) => (s, i)))
        {
            await session.AskAsync($"prepare s{i} as {statement.Sql}");
            session.Executes.Add(statement.Values.Count > 0 ? $"execute s{i}({string.Join(", ", statement.Values.Select(Literal))})" : $"execute s{i}");
        }

        for (var i = 0; i < Executions; i++)
        {
            foreach (var execute in session.Executes) await session.AskAsync(execute);
        }

        // Counted anew: what was read so far is told at the end of this transaction.
        await session.AskAsync("select pg_stat_force_next_flush()");
        await session.AskAsync("rollback");
        await session.AskAsync("begin");
        await session.AskAsync(session.Executes[0]);
        return session;
    }

    private async Task<long> CountAsync() => (await host.AskAsync<long>("""
        select ((select sum(idx_tup_read) from pg_stat_user_indexes where schemaname in ('crm', 'wfm')) + (select sum(seq_tup_read) from pg_stat_user_tables where schemaname in ('crm', 'wfm')))::bigint
        """))[0];

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex Parameter();

    private sealed record Session(NpgsqlConnection Connection, List<string> Executes) : IAsyncDisposable
    {
        public async Task<List<string>> AskAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, Connection) { AllResultTypesAreUnknown = true, CommandTimeout = 0 };
            await using var reader = await command.ExecuteReaderAsync();
            var lines = new List<string>();
            while (await reader.ReadAsync()) lines.Add(reader.IsDBNull(0) ? "" : reader.GetString(0));
            return lines;
        }

        public ValueTask DisposeAsync() => Connection.DisposeAsync();
    }
}
