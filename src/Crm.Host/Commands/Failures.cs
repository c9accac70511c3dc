using Crm.Embedded;
using Crm.Wfm.Persistence;
using Npgsql;

namespace Crm.Host.Commands;

/// <summary>What the user asked for cannot be begun; the message says what to do about it.</summary>
internal sealed class CannotStartException(string message) : Exception(message);

/// <summary>Failures the user can do something about, as against our own mistakes.</summary>
internal static class Failures
{
    /// <summary>Finds what to tell, also where EF Core has wrapped it; <c>null</c> for a mistake of ours, whose stack is wanted.</summary>
    public static string? Explain(Exception? e) => e switch
    {
        null => null,
        PostgresException { SqlState: PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction } missing =>
            $"The database is not up to date: run the verb migrate with ConnectionStrings:CrmOwner. PostgreSQL says: {missing.MessageText}",
        CannotStartException or InvalidDataException or WfmLoginException or EmbeddedPostgresException or NpgsqlException => e.Message,
        IOException when e.GetType() == typeof(IOException) => e.Message, // a full disk; what derives from it says that something of ours is missing
        HttpRequestException => $"The server cannot be reached: {e.Message}",
        _ => Explain(e.InnerException),
    };
}
