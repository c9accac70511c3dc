namespace Crm.Wfm.Persistence;

/// <summary>A published bundle.</summary>
public sealed class BundleRow
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the bundle key.</summary>
    public required string Key { get; init; }

    /// <summary>Gets the semantic version.</summary>
    public required string Version { get; init; }

    /// <summary>Gets the content hash, lower-case hex.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Gets the canonical text.</summary>
    public required string Document { get; init; }

    /// <summary>Gets when it was published.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>Gets who published it.</summary>
    public required Guid PublishedBy { get; init; }

    /// <summary>Gets why it was published although tests of its own failed, and which did, as JSON (<see cref="Bundles.TestOverride"/>); <c>null</c> where all passed.</summary>
    public string? DespiteFailingTests { get; init; }
}

/// <summary>A published version of a workflow; never changes.</summary>
public sealed class WorkflowVersionRow
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the id projects refer to.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the workflow key.</summary>
    public required string WorkflowKey { get; init; }

    /// <summary>Gets the bundle that owns it.</summary>
    public required string BundleKey { get; init; }

    /// <summary>Gets the bundle version that first had this content.</summary>
    public required string BundleVersion { get; init; }

    /// <summary>Gets the content hash of the definition.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Gets the definition: a bundle of this one workflow, as JSON.</summary>
    public required string Definition { get; init; }
}

/// <summary>A project type and the workflow version new projects of it start with.</summary>
public sealed class ProjectTypeRow
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the key.</summary>
    public required string Key { get; init; }

    /// <summary>Gets the bundle that owns it.</summary>
    public required string BundleKey { get; init; }

    /// <summary>Gets the subject type it governs.</summary>
    public required string SubjectType { get; init; }

    /// <summary>Gets whether it is the subject type's default.</summary>
    public required bool IsDefault { get; init; }

    /// <summary>Gets whether its bundle no longer has it: its projects go on, and none starts.</summary>
    public required bool IsRetired { get; init; }

    /// <summary>Gets the title as JSON: a string or an object of language to text.</summary>
    public string? Title { get; init; }

    /// <summary>Gets the workflow version new projects start with.</summary>
    public required Guid WorkflowVersionId { get; init; }
}

/// <summary>A role a bundle speaks of.</summary>
public sealed class RoleRow
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the key.</summary>
    public required string Key { get; init; }

    /// <summary>Gets the bundle that first named it.</summary>
    public required string BundleKey { get; init; }

    /// <summary>Gets the title as JSON: a string or an object of language to text.</summary>
    public string? Title { get; init; }
}

/// <summary>A generic record: any kind of work without a table of its own.</summary>
public sealed class RecordRow
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the subject type, such as <c>loan-application</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Gets or sets the name for people.</summary>
    public required string Name { get; set; }

    /// <summary>Gets or sets the owner, the relation <c>owner</c> in rules.</summary>
    public Guid? OwnerId { get; set; }

    /// <summary>Gets or sets the fields, a JSON object: facts at <c>entity.*</c>.</summary>
    public required string Fields { get; set; }

    /// <summary>Gets the project of the type's default process; <c>null</c> before one was started. This and what follows are mirrors the engine keeps.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>Gets the step that project is in.</summary>
    public string? Step { get; init; }

    /// <summary>Gets when it entered the step, in business time.</summary>
    public DateTimeOffset? StepEnteredAt { get; init; }

    /// <summary>Gets the step's probability, 0 to 1.</summary>
    public double? Probability { get; init; }

    /// <summary>Gets or sets the version, raised by one at every change.</summary>
    public required int Version { get; set; }

    /// <summary>Gets when it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets who created it.</summary>
    public required Guid CreatedBy { get; init; }

    /// <summary>Gets or sets when it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Gets or sets who last changed it.</summary>
    public required Guid UpdatedBy { get; set; }

    /// <summary>Gets or sets when it was deleted; moves of a deleted record's projects answer that there is none.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

/// <summary>A running instance of a workflow. Read-only here: only the move engine writes it.</summary>
public sealed class ProjectRow
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the project type.</summary>
    public required string ProjectType { get; init; }

    /// <summary>Gets the workflow version it follows.</summary>
    public required Guid WorkflowVersionId { get; init; }

    /// <summary>Gets the subject's type.</summary>
    public required string SubjectType { get; init; }

    /// <summary>Gets the subject's id as text.</summary>
    public required string SubjectId { get; init; }

    /// <summary>Gets the step it is in.</summary>
    public required string Step { get; init; }

    /// <summary>Gets the number of its history rows.</summary>
    public required int Version { get; init; }

    /// <summary>Gets its own fields, a JSON object.</summary>
    public required string Fields { get; init; }

    /// <summary>Gets when it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets when it entered its step.</summary>
    public required DateTimeOffset EnteredAt { get; init; }

    /// <summary>Gets when it reached a final step; <c>null</c> while it runs.</summary>
    public DateTimeOffset? CompletedAt { get; init; }
}

/// <summary>One move, for ever. Read-only here: only the move engine appends.</summary>
public sealed class HistoryRow
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the project.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>Gets the project's version this move made; 1 is the start.</summary>
    public required int Version { get; init; }

    /// <summary>Gets the transition; <c>null</c> for the start.</summary>
    public string? Transition { get; init; }

    /// <summary>Gets the step left; <c>null</c> for the start.</summary>
    public string? FromStep { get; init; }

    /// <summary>Gets the step reached.</summary>
    public required string ToStep { get; init; }

    /// <summary>Gets who moved.</summary>
    public required Guid ActorId { get; init; }

    /// <summary>Gets when, in business time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets when the database wrote it.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Gets the workflow version that decided.</summary>
    public required Guid WorkflowVersionId { get; init; }

    /// <summary>Gets the hashed text, RFC 8785 JSON.</summary>
    public required string Body { get; init; }

    /// <summary>Gets input, reason, facts and rule results as JSON; <c>null</c> once erased.</summary>
    public string? Private { get; init; }

    /// <summary>Gets the salt of the digest of <see cref="Private"/> in <see cref="Body"/>; <c>null</c> once erased.</summary>
    public byte[]? Salt { get; init; }

    /// <summary>Gets the hash of the row before; empty for the start.</summary>
    public required byte[] Prev { get; init; }

    /// <summary>Gets SHA-256 over <see cref="Prev"/> followed by <see cref="Body"/> in UTF-8.</summary>
    public required byte[] Hash { get; init; }
}

/// <summary>Something that happened, as stored. Read-only here.</summary>
public sealed class EventRow
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the number in order of writing; commits may come in another order.</summary>
    public required long Sequence { get; init; }

    /// <summary>Gets the event's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the canonical type, such as <c>wfm.project.moved</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Gets what it is about, such as <c>deal/{id}</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Gets when it happened, in business time.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Gets who made it happen.</summary>
    public required Guid ActorId { get; init; }

    /// <summary>Gets the id shared by everything one first cause led to.</summary>
    public required Guid CorrelationId { get; init; }

    /// <summary>Gets the event that caused this one; <c>null</c> for a first cause.</summary>
    public Guid? CausationId { get; init; }

    /// <summary>Gets how many causes lie before it; 0 for a first cause.</summary>
    public required int Depth { get; init; }

    /// <summary>Gets the W3C trace context; <c>null</c> when none was traced.</summary>
    public string? Traceparent { get; init; }

    /// <summary>Gets the data as JSON.</summary>
    public required string Data { get; init; }
}

/// <summary>An event's place in its workspace's feed. Read-only here.</summary>
public sealed class FeedRow
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the position: 1, 2, 3 … within the workspace, in order of commits.</summary>
    public required long Position { get; init; }

    /// <summary>Gets the event's number.</summary>
    public required long Sequence { get; init; }
}

/// <summary>An event a consumer failed on. Read-only here.</summary>
public sealed class ParkedEventRow
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the event's position.</summary>
    public required long Position { get; init; }

    /// <summary>Gets the name of the consumer.</summary>
    public required string Consumer { get; init; }

    /// <summary>Gets how often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>Gets what the consumer threw last.</summary>
    public required string Error { get; init; }

    /// <summary>Gets when it is tried again; <c>null</c> for never.</summary>
    public DateTimeOffset? NextAt { get; init; }
}
