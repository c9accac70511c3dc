using Crm.Wfm.Persistence;
using Npgsql;
using Quartz;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>
/// The tables of the cron scheduler, in a schema of their own: Quartz's own script makes what is missing of them, as the owner; the application reads and writes rows. They know no workspaces: what they hold are
/// keys of rows of <c>wfm_flows.trigger</c> and when they are due.
/// </summary>
internal static class CronSchema
{
    /// <summary>The schema.</summary>
    public const string Name = "wfm_quartz";

    /// <summary>What the tables' names begin with.</summary>
    public const string Prefix = Name + "." + Bare;

    private const string Bare = "qrtz_";
    private const string Script = "Quartz.Impl.AdoJobStore.Schema.create_postgres.sql";

    /// <summary>Makes roles and tables where they are missing. Locked and rerunnable.</summary>
    public static async Task EnsureAsync(string ownerConnection, string applicationConnection, CancellationToken ct)
    {
        await SchemaRoles.EnsureAsync(ownerConnection, applicationConnection, Name, ct);
        await using var connection = new NpgsqlConnection(ownerConnection);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var statement in Statements()) batch.BatchCommands.Add(new(statement));
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static IEnumerable<string> Statements()
    {
        using var script = new StreamReader(typeof(IScheduler).Assembly.GetManifestResourceStream(Script) ?? throw new InvalidOperationException($"Quartz has no {Script} any more."));
        return
        [
            $"select pg_advisory_xact_lock(hashtext('{Name}'))",
            $"set local role {Name}_owner",
            "set local client_min_messages = warning",
            .. script.ReadToEnd().Replace("{0}", Prefix, StringComparison.Ordinal).Replace("{1}", Bare, StringComparison.Ordinal).Split("\n--;;", StringSplitOptions.TrimEntries).Where(s => !IsComment(s)),
            $"grant usage on schema {Name} to {Name}_app",
            $"grant select, insert, update, delete on all tables in schema {Name} to {Name}_app",
        ];
    }

    private static bool IsComment(string statement) => statement.Split('\n').All(line => line.Trim() is "" or ['-', '-', ..]);
}
