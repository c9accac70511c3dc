using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>The package's own SQL on the host's context: it depends on nothing the host maps or names.</summary>
internal static class Commands
{
    /// <summary>Makes a command with positional parameters, in the transaction at hand.</summary>
    public static NpgsqlCommand Command(this DbContext db, string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());
        foreach (var parameter in parameters) command.Parameters.Add(parameter as NpgsqlParameter ?? new() { Value = parameter ?? DBNull.Value });
        return command;
    }

    /// <summary>Runs a command that gives no rows, and tells how many it changed.</summary>
    public static async Task<int> ExecuteAsync(this DbContext db, string sql, object?[] parameters, CancellationToken ct)
    {
        await using var command = db.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Reads all rows of a query.</summary>
    public static async Task<List<T>> QueryAsync<T>(this DbContext db, string sql, object?[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var command = db.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(read(reader));
        return rows;
    }
}
