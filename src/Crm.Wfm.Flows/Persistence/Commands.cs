using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

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

    /// <summary>Makes a batch, in the transaction at hand: several commands in one round trip.</summary>
    public static NpgsqlBatch Batch(this DbContext db) => new((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());

    /// <summary>Adds a command with positional parameters.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter as NpgsqlParameter ?? new() { Value = parameter ?? DBNull.Value });
        batch.BatchCommands.Add(command);
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

/// <summary>Parameters that may be nothing, of which the database has to be told the type.</summary>
internal static class Parameters
{
    public static NpgsqlParameter Text(string? value) => Of(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Id(Guid? value) => Of(value, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Time(DateTimeOffset? value) => Of(value?.ToUniversalTime(), NpgsqlDbType.TimestampTz);

    private static NpgsqlParameter Of(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}

/// <summary>Units of work on the host's context.</summary>
internal static class Transactions
{
    /// <summary>Works in the transaction at hand; where there is none, in one of its own, tried again as the context's execution strategy says.</summary>
    public static Task<T> InTransactionAsync<T>(this HostContext host, Func<CancellationToken, Task<T>> work, CancellationToken ct) =>
        host.Db.Database.CurrentTransaction is not null ? work(ct) : host.ExecuteAsync(async token =>
        {
            await using var transaction = await host.BeginAsync(token);
            var result = await work(token);
            await transaction.CommitAsync(token);
            return result;
        }, ct);
}
