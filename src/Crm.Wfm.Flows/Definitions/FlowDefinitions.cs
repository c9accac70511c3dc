using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>
/// The flows of the workspace at hand, in all their versions. Everything happens in the transaction at hand where there is one, and in one of its own where there is none.
/// What was published, or has run, never changes again: saving then makes a new version.
/// </summary>
public sealed class FlowDefinitions
{
    private readonly HostContext _host;
    private readonly ActivityCatalog _activities;
    private readonly DefinitionWrites _writes;

    internal FlowDefinitions(HostContext host, ActivityCatalog activities, TimeProvider time, IServiceProvider services) =>
        (_host, _activities, _writes) = (host, activities, new(host.Db, activities, time, services));

    /// <summary>Finds a version of a flow; the newest one where several are meant.</summary>
    public Task<StoredDefinition?> FindAsync(string definitionId, VersionOptions version, CancellationToken ct) => InAsync(async (db, token) =>
    {
        var (condition, number) = DefinitionList.Meant(version, "$2");
        return (await DefinitionStore.ReadAsync(db, $"where d.definition_id = $1 and {condition} order by d.version desc limit 1", [definitionId, .. number], token)).SingleOrDefault();
    }, ct);

    /// <summary>Finds a version by its own id.</summary>
    public Task<StoredDefinition?> FindVersionAsync(string id, CancellationToken ct) =>
        InAsync(async (db, token) => (await DefinitionStore.ReadAsync(db, "where d.id = $1", [id], token)).SingleOrDefault(), ct);

    /// <summary>Finds versions by their own ids; those there are none of are left out.</summary>
    public Task<IReadOnlyList<StoredDefinition>> FindVersionsAsync(IReadOnlyCollection<string> ids, CancellationToken ct) =>
        InAsync<IReadOnlyList<StoredDefinition>>(async (db, token) => await DefinitionStore.ReadAsync(db, "where d.id = any($1) order by d.definition_id, d.version", [ids.ToArray()], token), ct);

    /// <summary>Lists versions.</summary>
    public Task<DefinitionPage> ListAsync(DefinitionQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        return InAsync((db, token) => DefinitionList.PageAsync(db, query, token), ct);
    }

    /// <summary>Tells whether no other flow has a name, whatever its case.</summary>
    /// <param name="name">The name.</param>
    /// <param name="exceptDefinitionId">The flow that may have it.</param>
    /// <param name="ct">Cancels.</param>
    public Task<bool> IsNameUniqueAsync(string name, string? exceptDefinitionId, CancellationToken ct) => InAsync(async (db, token) => (await db.QueryAsync(
        "select not exists (select from wfm_flows.definition d where (d.is_latest or d.is_published) and lower(d.name) = lower($1) and d.definition_id <> $2)",
        [name, exceptDefinitionId ?? ""], r => r.GetBoolean(0), token))[0], ct);

    /// <summary>Finds a name no flow has yet: the one given, or it with a number behind.</summary>
    public Task<string> FreeNameAsync(string name, CancellationToken ct) => InAsync(async (db, token) =>
    {
        var taken = (await db.QueryAsync("select d.name from wfm_flows.definition d where (d.is_latest or d.is_published) and starts_with(lower(d.name), lower($1))", [name], r => r.GetString(0), token))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var free = name;
        for (var n = 2; taken.Contains(free); n++) free = $"{name} {n}";
        return free;
    }, ct);

    /// <summary>
    /// Saves a draft, and publishes it where that is asked for. A latest version that is a draft is overwritten; after one that is settled the next one begins, unless the content is the same. Any document
    /// with a root is saved, whatever activities it has: what keeps it from being published is told.
    /// </summary>
    /// <returns><c>Done</c>, <c>Conflict</c>, <c>ReadOnly</c> or <c>Faulty</c>.</returns>
    public Task<DefinitionResult> SaveAsync(DraftSave draft, Actor actor, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(actor);
        return InAsync((_, token) => _writes.SaveAsync(draft, keptId: null, actor, token), ct);
    }

    /// <summary>Publishes the latest version: its triggers start it from now on, and no longer the one published before. Flows that use it get a new published version, where its options say so.</summary>
    /// <returns><c>Done</c>, <c>NotFound</c>, <c>ReadOnly</c> or <c>Faulty</c> with everything by which it could not run as it is drawn.</returns>
    public Task<DefinitionResult> PublishAsync(string definitionId, Actor actor, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return InAsync(async (db, token) =>
        {
            await DefinitionStore.LockPublishingAsync(db, token);
            await DefinitionStore.LockAsync(db, definitionId, token);
            return await DefinitionStore.LatestAsync(db, definitionId, token) is not { } latest ? new DefinitionResult.NotFound() : await _writes.PublishAsync(latest, actor, token);
        }, ct);
    }

    /// <summary>Takes the published version back: nothing starts it any more, runs go on.</summary>
    /// <returns><c>Done</c> with that version (the latest, where none was published), <c>NotFound</c> or <c>ReadOnly</c>.</returns>
    public Task<DefinitionResult> RetractAsync(string definitionId, Actor actor, CancellationToken ct) => InAsync<DefinitionResult>(async (db, token) =>
    {
        await DefinitionStore.LockAsync(db, definitionId, token);
        if ((await DefinitionStore.ReadAsync(db, "where d.definition_id = $1 order by d.is_published desc, d.version desc limit 1", [definitionId], token)) is not [var found]) return new DefinitionResult.NotFound();
        if (found.Summary.Bundle is { } bundle) return new DefinitionResult.ReadOnly(bundle);
        if (!found.Summary.IsPublished) return new DefinitionResult.Done(found) { Already = true };
        await DefinitionStore.UnpublishAsync(db, definitionId, token);
        return new DefinitionResult.Done(await DefinitionStore.ReloadAsync(db, found.Summary.Number, token));
    }, ct);

    /// <summary>Makes a new latest draft with the content of an older version. The published version stays published.</summary>
    /// <returns><c>Done</c> with the new draft, <c>NotFound</c> or <c>ReadOnly</c>.</returns>
    public Task<DefinitionResult> RevertAsync(string definitionId, int version, Actor actor, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return InAsync<DefinitionResult>(async (db, token) =>
        {
            await DefinitionStore.LockAsync(db, definitionId, token);
            if ((await DefinitionStore.ReadAsync(db, "where d.definition_id = $1 and d.version = $2", [definitionId, version], token)) is not [var older]) return new DefinitionResult.NotFound();
            if (older.Summary.Bundle is { } bundle) return new DefinitionResult.ReadOnly(bundle);
            return new DefinitionResult.Done(await _writes.AddAsync(definitionId, keptId: null, DefinitionContent.Of(older.Document, _activities), actor, token));
        }, ct);
    }

    /// <summary>Deletes a flow in all its versions, with the runs of it that have ended; refused while runs go on.</summary>
    public Task<DeleteResult> DeleteAsync(string definitionId, CancellationToken ct) => InAsync(async (db, token) =>
    {
        await DefinitionStore.LockAsync(db, definitionId, token);
        return await DefinitionDeletion.DeleteAsync(db, "definition_id = $1", definitionId, token);
    }, ct);

    /// <summary>Deletes one version, with the runs of it that have ended; refused while runs go on. The newest of those left becomes the latest.</summary>
    public Task<DeleteResult> DeleteVersionAsync(string id, CancellationToken ct) => InAsync<DeleteResult>(async (db, token) =>
    {
        if (await db.QueryAsync("select definition_id from wfm_flows.definition where id = $1", [id], r => r.GetString(0), token) is not [var definitionId]) return new DeleteResult.NotFound();
        await DefinitionStore.LockAsync(db, definitionId, token);
        var result = await DefinitionDeletion.DeleteAsync(db, "id = $1", id, token);
        if (result is DeleteResult.Deleted) await DefinitionDeletion.ChooseLatestAsync(db, definitionId, token);
        return result;
    }, ct);

    /// <summary>
    /// Imports a document of Elsa's as a draft of the flow its <c>definitionId</c> names (its <c>id</c>, where it names none; a new one without both). A flow that is not there yet begins with version 1. The
    /// version's <c>id</c> is kept where it is free.
    /// </summary>
    /// <param name="utf8">The file; a byte order mark and <c>$schema</c> are fine.</param>
    /// <param name="definitionId">The flow to make it a version of, whatever the document says; <c>null</c> as the document says.</param>
    /// <param name="actor">Who imports.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ImportResult> ImportAsync(ReadOnlyMemory<byte> utf8, string? definitionId, Actor actor, CancellationToken ct)
    {
        var faults = new List<Fault>();
        return StrictJson.Read(utf8.Span, faults) is { } document ? ImportAsync(document, definitionId, actor, ct) : Task.FromResult(new ImportResult(new DefinitionResult.Faulty(faults), definitionId ?? ""));
    }

    /// <summary>Imports a document that was read already.</summary>
    /// <inheritdoc cref="ImportAsync(ReadOnlyMemory{byte}, string?, Actor, CancellationToken)"/>
    public async Task<ImportResult> ImportAsync(Value document, string? definitionId, Actor actor, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var given = definitionId ?? Text(document["definitionId"]) ?? Text(document["id"]);
        var result = await InAsync((_, token) => _writes.SaveAsync(new(document) { DefinitionId = given }, Text(document["id"]), actor, token), ct);
        return new(result, Text(document["name"]) ?? given ?? "");
    }

    /// <summary>Exports versions as documents that can be imported again, <c>$schema</c> included.</summary>
    /// <param name="ids">Ids of versions.</param>
    /// <param name="withConsumers">Whether the flows that use them as activities, directly or not, come as well, each in its latest version.</param>
    /// <param name="ct">Cancels.</param>
    public Task<IReadOnlyList<StoredDefinition>> ExportAsync(IReadOnlyCollection<string> ids, bool withConsumers, CancellationToken ct) => InAsync<IReadOnlyList<StoredDefinition>>(async (db, token) =>
    {
        var found = await DefinitionStore.ReadAsync(db, "where d.id = any($1) order by d.definition_id, d.version", [ids.ToArray()], token);
        if (withConsumers) found.AddRange(await DefinitionUses.AllConsumersAsync(db, [.. found.Select(f => f.Summary)], token));
        return [.. found.Select(f => f with { Document = Value.From(f.Document.AsObject!.With("$schema", Value.From(DefinitionContent.Schema))) })];
    }, ct);

    /// <summary>Lists the flows that can be used as activities: published ones, and drafts of those that are not.</summary>
    public Task<IReadOnlyList<UsableFlow>> ListUsableAsync(CancellationToken ct) => InAsync<IReadOnlyList<UsableFlow>>(async (db, token) =>
    {
        var versions = await DefinitionStore.ReadAsync(db, """
            where d.type_name is not null and (d.is_published or d.is_latest and not exists (
              select from wfm_flows.definition p where p.definition_id = d.definition_id and p.is_published)) order by d.type_name
            """, [], token);
        return [.. from version in versions
                   let flow = FlowReader.Read(version.Document, [])
                   where flow is not null
                   select new UsableFlow(version.Summary, flow)];
    }, ct);

    /// <summary>Lists the latest and published versions of flows that use a flow as an activity themselves.</summary>
    public Task<IReadOnlyList<DefinitionSummary>> ListConsumersAsync(string definitionId, CancellationToken ct) =>
        InAsync<IReadOnlyList<DefinitionSummary>>(async (db, token) => [.. (await DefinitionUses.ConsumersAsync(db, definitionId, token)).Select(c => c.Summary)], ct);

    /// <summary>Makes flows that use a flow use its published version: each gets a new version, published where the one before was.</summary>
    /// <param name="definitionId">The flow that is used.</param>
    /// <param name="consumers">The flows to update, by definition id; <c>null</c> for all that use it.</param>
    /// <param name="actor">Who updates.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The definition ids of those that have a new version.</returns>
    public Task<IReadOnlyList<string>> UpdateConsumersAsync(string definitionId, IReadOnlyCollection<string>? consumers, Actor actor, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return InAsync<IReadOnlyList<string>>(async (db, token) =>
        {
            await DefinitionStore.LockPublishingAsync(db, token);
            var published = await DefinitionStore.ReadAsync(db, "where d.definition_id = $1 and d.is_published", [definitionId], token);
            return published is [var used] ? await _writes.UpdateConsumersAsync(used.Summary, consumers, actor, token) : [];
        }, ct);
    }

    private static string? Text(Value value) => value.AsText is { Length: > 0 } text ? text : null;

    private Task<T> InAsync<T>(Func<DbContext, CancellationToken, Task<T>> work, CancellationToken ct) => _host.InTransactionAsync(token => work(_host.Db, token), ct);
}
