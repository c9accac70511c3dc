using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Wfm.Persistence;

/// <summary>Migrations of a schema, made by one host at a time. EF Core's own lock ends with each migration: of hosts that start at once, two would go on to the second.</summary>
public static class SchemaMigration
{
    /// <summary>Makes the migrations that are missing. Whoever else is at it for the schema, in the same database, is waited for.</summary>
    /// <param name="context">The context that owns the migrations.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="ct">Cancels between statements.</param>
    public static async Task MigrateSchemaAsync(this DbContext context, string schema, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var database = context.Database;
        await database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)database.GetDbConnection();
        try
        {
            await ExecuteAsync(connection, "select pg_advisory_lock(hashtextextended('wfm.migrations/' || $1, 0))", schema, ct);
            await database.MigrateAsync(ct);
        }
        finally
        {
            // In the pool the session would keep it.
            if (connection.State == System.Data.ConnectionState.Open) await ExecuteAsync(connection, "select pg_advisory_unlock(hashtextextended('wfm.migrations/' || $1, 0))", schema, CancellationToken.None);
            await database.CloseConnectionAsync();
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, string schema, CancellationToken ct)
    {
        // Others may take their time.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = schema });
        await command.ExecuteNonQueryAsync(ct);
    }
}
