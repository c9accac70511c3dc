namespace Crm.Embedded;

/// <summary>PostgreSQL cannot be fetched or started. The message is meant for the user's eyes and says what helps.</summary>
public sealed class EmbeddedPostgresException(string message, Exception? inner = null) : Exception(message, inner);
