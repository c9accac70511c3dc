using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Wfm.Persistence;

/// <summary>A short way to write batches with positional parameters.</summary>
internal static class Batches
{
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(Parameter(parameter));
        batch.BatchCommands.Add(command);
    }

    /// <summary>Adds a command made elsewhere (by EF Core, say), with its named parameters.</summary>
    public static void Add(this NpgsqlBatch batch, DbCommand command)
    {
        var copy = new NpgsqlBatchCommand(command.CommandText);
        foreach (NpgsqlParameter parameter in command.Parameters) copy.Parameters.Add(parameter.Clone());
        batch.BatchCommands.Add(copy);
    }

    /// <summary>Marks a text as jsonb.</summary>
    public static object Jsonb(string? json) => new NpgsqlParameter { Value = (object?)json ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb };

    /// <summary>Marks a text that may be null as text.</summary>
    public static object Text(string? text) => new NpgsqlParameter { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    /// <summary>Marks a number that may be null as double precision.</summary>
    public static object Double(double? number) => new NpgsqlParameter { Value = (object?)number ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Double };

    /// <summary>Marks an id that may be null as uuid.</summary>
    public static object Uuid(Guid? id) => new NpgsqlParameter { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    private static NpgsqlParameter Parameter(object? value) => value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value };
}
