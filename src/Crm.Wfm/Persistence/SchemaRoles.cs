using Crm.Wfm.Persistence.Migrations;
using Npgsql;

namespace Crm.Wfm.Persistence;

/// <summary>The two roles of a schema: <c>{schema}_owner</c> owns it, <c>{schema}_app</c> is what the application's login is granted.</summary>
public static class SchemaRoles
{
    /// <summary>Makes the roles and the schema where they are missing.</summary>
    /// <param name="ownerConnection">Login that may create roles and schemas.</param>
    /// <param name="applicationConnection">Its login is granted <c>{schema}_app</c>, unless it is a superuser.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="ct">Cancels; nothing is made then.</param>
    public static async Task EnsureAsync(string ownerConnection, string applicationConnection, string schema, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(ownerConnection);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add("select set_config('wfm.schema', $1, true), set_config('wfm.login', $2, true)", schema, new NpgsqlConnectionStringBuilder(applicationConnection).Username ?? "");
        batch.Add(MigrationScript.Read("roles.sql"));
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
