using System.ComponentModel.DataAnnotations;

namespace Crm.Host.Records;

/// <summary>Asks to give a record to somebody.</summary>
internal sealed record AssignRequest(Guid OwnerId, [property: Range(1, int.MaxValue)] int? Version = null);
