namespace Crm.Host.Commands;

/// <summary>What the user asked for cannot be begun; the message says what to do about it.</summary>
internal sealed class CannotStartException(string message) : Exception(message);
