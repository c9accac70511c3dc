using System.ComponentModel.DataAnnotations.Schema;

namespace Crm.Entities.Records;

/// <summary>What every record of the CRM has. <see cref="RecordWriter"/> saves it: versions, who and when, and events come from there.</summary>
public abstract class CrmRecord
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the noun: the subject type of its moves and events, such as <c>deal</c>.</summary>
    [NotMapped]
    public abstract string Noun { get; }

    /// <summary>Gets the version: 1 when created, raised by one at every change.</summary>
    public int Version { get; internal set; }

    /// <summary>Gets when it was created.</summary>
    public DateTimeOffset CreatedAt { get; internal set; }

    /// <summary>Gets who created it.</summary>
    public Guid CreatedBy { get; internal set; }

    /// <summary>Gets when it was last changed.</summary>
    public DateTimeOffset? UpdatedAt { get; internal set; }

    /// <summary>Gets who last changed it.</summary>
    public Guid? UpdatedBy { get; internal set; }

    /// <summary>Gets or sets when it was deleted; <c>null</c> while it is there. Queries leave deleted records out unless they ignore query filters.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

/// <summary>A record with the workspace's own fields.</summary>
public interface ICustomFields
{
    /// <summary>Gets or sets their values: a JSON object, by field key.</summary>
    string Custom { get; set; }
}

/// <summary>A record somebody is responsible for.</summary>
public interface IOwned
{
    /// <summary>Gets or sets the name for people.</summary>
    string Name { get; set; }

    /// <summary>Gets or sets who is responsible.</summary>
    Guid? OwnerId { get; set; }

    /// <summary>Gets or sets who was responsible before the last assignment.</summary>
    Guid? PreviousOwnerId { get; set; }
}

/// <summary>A record with a project of its own: what is read here, the engine mirrors in the move's transaction.</summary>
public interface IGoverned
{
    /// <summary>Gets the project of the noun's default process.</summary>
    Guid? ProjectId { get; }

    /// <summary>Gets the step it is in.</summary>
    string? Step { get; }

    /// <summary>Gets when it entered the step, in business time.</summary>
    DateTimeOffset? StepEnteredAt { get; }

    /// <summary>Gets the step's probability, 0 to 1.</summary>
    double? Probability { get; }
}
