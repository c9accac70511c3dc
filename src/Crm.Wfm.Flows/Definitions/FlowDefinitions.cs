using Crm.Wfm.Moves;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>
/// The flows of the workspace at hand, in all their versions. Everything happens in the transaction at hand where there is one, and in one of its own where there is none.
/// What was published, or has run, never changes again: saving then makes a new version.
/// </summary>
public sealed class FlowDefinitions
{
    /// <summary>Finds a version of a flow; the newest one where several are meant.</summary>
    public Task<StoredDefinition?> FindAsync(string definitionId, VersionOptions version, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Finds a version by its own id.</summary>
    public Task<StoredDefinition?> FindVersionAsync(string id, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Finds versions by their own ids; those there are none of are left out.</summary>
    public Task<IReadOnlyList<StoredDefinition>> FindVersionsAsync(IReadOnlyCollection<string> ids, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Lists versions.</summary>
    public Task<DefinitionPage> ListAsync(DefinitionQuery query, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Tells whether no other flow has a name, whatever its case.</summary>
    /// <param name="name">The name.</param>
    /// <param name="exceptDefinitionId">The flow that may have it.</param>
    /// <param name="ct">Cancels.</param>
    public Task<bool> IsNameUniqueAsync(string name, string? exceptDefinitionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Finds a name no flow has yet: the one given, or it with a number behind.</summary>
    public Task<string> FreeNameAsync(string name, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>
    /// Saves a draft, and publishes it where that is asked for. A latest version that is a draft is overwritten; after one that is settled the next one begins. Any document with a root is saved, whatever
    /// activities it has: what keeps it from being published is told.
    /// </summary>
    /// <returns><c>Done</c>, <c>Conflict</c>, <c>ReadOnly</c> or <c>Faulty</c>.</returns>
    public Task<DefinitionResult> SaveAsync(DraftSave draft, Actor actor, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Publishes the latest version: its triggers start it from now on, and no longer the one published before. Flows that use it and follow it get a new published version.</summary>
    /// <returns><c>Done</c>, <c>NotFound</c>, <c>ReadOnly</c> or <c>Faulty</c> with everything by which it could not run as it is drawn.</returns>
    public Task<DefinitionResult> PublishAsync(string definitionId, Actor actor, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Takes the published version back: nothing starts it any more, runs go on.</summary>
    /// <returns><c>Done</c> with that version (the latest, where none was published), <c>NotFound</c> or <c>ReadOnly</c>.</returns>
    public Task<DefinitionResult> RetractAsync(string definitionId, Actor actor, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Makes a new latest draft with the content of an older version. The published version stays published.</summary>
    /// <returns><c>Done</c> with the new draft, <c>NotFound</c> or <c>ReadOnly</c>.</returns>
    public Task<DefinitionResult> RevertAsync(string definitionId, int version, Actor actor, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Deletes a flow in all its versions, with the runs of it that have ended; refused while runs go on.</summary>
    public Task<DeleteResult> DeleteAsync(string definitionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Deletes one version, with the runs of it that have ended; refused while runs go on. The newest of those left becomes the latest.</summary>
    public Task<DeleteResult> DeleteVersionAsync(string id, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>
    /// Imports a document of Elsa's as a draft of the flow its <c>definitionId</c> names (its <c>id</c>, where it names none; a new one without both). A flow that is not there yet begins with version 1. The
    /// version's <c>id</c> is kept where it is free.
    /// </summary>
    /// <param name="utf8">The file; a byte order mark and <c>$schema</c> are fine.</param>
    /// <param name="definitionId">The flow to make it a version of, whatever the document says; <c>null</c> as the document says.</param>
    /// <param name="actor">Who imports.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ImportResult> ImportAsync(ReadOnlyMemory<byte> utf8, string? definitionId, Actor actor, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Imports a document that was read already.</summary>
    /// <inheritdoc cref="ImportAsync(ReadOnlyMemory{byte}, string?, Actor, CancellationToken)"/>
    public Task<ImportResult> ImportAsync(Value document, string? definitionId, Actor actor, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Exports versions as documents that can be imported again, <c>$schema</c> included.</summary>
    /// <param name="ids">Ids of versions.</param>
    /// <param name="withConsumers">Whether the flows that use them as activities, directly or not, come as well, each in its latest version.</param>
    /// <param name="ct">Cancels.</param>
    public Task<IReadOnlyList<StoredDefinition>> ExportAsync(IReadOnlyCollection<string> ids, bool withConsumers, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Lists the flows that can be used as activities: published ones, and drafts of those never published.</summary>
    public Task<IReadOnlyList<UsableFlow>> ListUsableAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Lists the latest and published versions of flows that use a flow as an activity themselves.</summary>
    public Task<IReadOnlyList<DefinitionSummary>> ListConsumersAsync(string definitionId, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Makes flows that use a flow use its published version: each gets a new version, published where the one before was.</summary>
    /// <param name="definitionId">The flow that is used.</param>
    /// <param name="consumers">The flows to update, by definition id; <c>null</c> for all that use it.</param>
    /// <param name="actor">Who updates.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The definition ids of those that have a new version.</returns>
    public Task<IReadOnlyList<string>> UpdateConsumersAsync(string definitionId, IReadOnlyCollection<string>? consumers, Actor actor, CancellationToken ct) => throw new NotImplementedException();
}
