using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>Saves and publishes versions in the transaction at hand. Everything is checked before the first row is written.</summary>
internal sealed class DefinitionWrites(DbContext db, ActivityCatalog activities, TimeProvider time, IServiceProvider host)
{
    private const int MaxName = 200;

    private readonly PublishCheck _check = new(db, activities, host);

    /// <param name="draft">What to save.</param>
    /// <param name="keptId">The id the version is to have where it is free and a version is added; <c>null</c> for a new one.</param>
    /// <param name="actor">Who saves.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<DefinitionResult> SaveAsync(DraftSave draft, string? keptId, Actor actor, CancellationToken ct)
    {
        var definitionId = draft.DefinitionId ?? (draft.Document["definitionId"].AsText is { Length: > 0 } said ? said : NewId());
        var faults = Unstorable(draft.Document, definitionId);
        if (faults.Count > 0) return new DefinitionResult.Faulty(faults);
        if (draft.Publish) await DefinitionStore.LockPublishingAsync(db, ct);
        await DefinitionStore.LockAsync(db, definitionId, ct);
        var latest = await DefinitionStore.LatestAsync(db, definitionId, ct);
        if (latest?.Summary.Bundle is { } bundle) return new DefinitionResult.ReadOnly(bundle);
        if (latest is not null && IsStale(draft, latest.Summary, actor)) return new DefinitionResult.Conflict(latest.Summary);
        var content = DefinitionContent.Of(draft.Document, activities);
        var check = await _check.CheckAsync(definitionId, content, actor, ct);
        if (draft.Publish && check.Faults.Count > 0) return new DefinitionResult.Faulty(check.Faults);
        var saved = await StoreAsync(definitionId, latest, keptId, content, actor, ct);
        if (draft.Publish) return await PublishAsync(saved, content, check, actor, ct);
        return new DefinitionResult.Done(saved) { Faults = check.Faults, ConsumerCount = await DefinitionUses.CountAsync(db, definitionId, ct) };
    }

    /// <summary>Publishes the latest version; the flow is locked.</summary>
    public async Task<DefinitionResult> PublishAsync(StoredDefinition latest, Actor actor, CancellationToken ct)
    {
        if (latest.Summary.Bundle is { } bundle) return new DefinitionResult.ReadOnly(bundle);
        var content = DefinitionContent.Of(latest.Document, activities);
        var check = await _check.CheckAsync(latest.Summary.DefinitionId, content, actor, ct);
        return check.Faults.Count > 0 && !latest.Summary.IsPublished ? new DefinitionResult.Faulty(check.Faults) : await PublishAsync(latest, content, check, actor, ct);
    }

    /// <summary>Adds a version, which is a draft and the latest.</summary>
    public async Task<StoredDefinition> AddAsync(string definitionId, string? keptId, DefinitionContent content, Actor actor, CancellationToken ct)
    {
        var isTaken = keptId is null or { Length: > MaxName } || keptId.Contains('/', StringComparison.Ordinal)
            || (await db.QueryAsync("select exists (select from wfm_flows.definition where id = $1)", [keptId], r => r.GetBoolean(0), ct))[0];
        var number = await DefinitionStore.InsertAsync(db, definitionId, isTaken ? NewId() : keptId!, content, content.Name ?? definitionId, actor.Id, time.GetUtcNow(), bundle: null, ct);
        return await DefinitionStore.ReloadAsync(db, number, ct);
    }

    /// <summary>Makes flows that use a flow use this version of it.</summary>
    /// <returns>The definition ids of those that have a new version.</returns>
    public async Task<IReadOnlyList<string>> UpdateConsumersAsync(DefinitionSummary used, IReadOnlyCollection<string>? only, Actor actor, CancellationToken ct)
    {
        var updated = new List<string>();
        foreach (var found in await DefinitionUses.ConsumersAsync(db, used.DefinitionId, ct))
        {
            var definitionId = found.Summary.DefinitionId;
            if (!found.Summary.IsLatest || found.Summary.IsReadOnly || definitionId == used.DefinitionId || only?.Contains(definitionId) == false) continue;
            await DefinitionStore.LockAsync(db, definitionId, ct);
            if (await DefinitionStore.LatestAsync(db, definitionId, ct) is not { } latest) continue;
            var content = DefinitionContent.Of(DefinitionUses.Follow(latest.Document, used), activities);
            if (content.Hash == latest.Summary.ContentHash) continue;
            var check = await _check.CheckAsync(definitionId, content, actor: null, ct);
            var saved = await StoreAsync(definitionId, latest, keptId: null, content, actor, ct);
            updated.Add(definitionId);
            // One that could not run any more stays a draft: what is published goes on as it was.
            if (latest.Summary.IsPublished && check.Faults.Count == 0) await StartAsync(saved, check, ct);
        }

        return updated;
    }

    private async Task<StoredDefinition> StoreAsync(string definitionId, StoredDefinition? latest, string? keptId, DefinitionContent content, Actor actor, CancellationToken ct)
    {
        if (latest?.Summary.ContentHash == content.Hash) return latest;
        if (latest is { Summary.IsSettled: false } && await DefinitionStore.OverwriteAsync(db, latest.Summary.Number, content, content.Name ?? definitionId, actor.Id, ct))
            return await DefinitionStore.ReloadAsync(db, latest.Summary.Number, ct);
        return await AddAsync(definitionId, keptId, content, actor, ct);
    }

    private async Task<DefinitionResult> PublishAsync(StoredDefinition version, DefinitionContent content, PublishCheck.Found check, Actor actor, CancellationToken ct)
    {
        var definitionId = version.Summary.DefinitionId;
        if (version.Summary.IsPublished) return new DefinitionResult.Done(version) { Already = true, ConsumerCount = await DefinitionUses.CountAsync(db, definitionId, ct) };
        var published = await StartAsync(version, check, ct);
        return new DefinitionResult.Done(published)
        {
            UpdatedConsumers = content.UpdatesConsumers ? await UpdateConsumersAsync(published.Summary, only: null, actor, ct) : [],
            ConsumerCount = await DefinitionUses.CountAsync(db, definitionId, ct),
        };
    }

    private async Task<StoredDefinition> StartAsync(StoredDefinition version, PublishCheck.Found check, CancellationToken ct)
    {
        await DefinitionStore.PublishAsync(db, version.Summary.DefinitionId, version.Summary.Number, ct);
        await TriggerStore.InsertAsync(db, version.Summary.Number, check.Starts, time.GetUtcNow(), ct);
        return await DefinitionStore.ReloadAsync(db, version.Summary.Number, ct);
    }

    private static bool IsStale(DraftSave draft, DefinitionSummary latest, Actor actor) =>
        !(draft.GoesOn && latest.CreatedBy == actor.Id) && ((draft.EditedVersion is { } version && version != latest.Version) || (draft.EditedHash is { } hash && hash != latest.ContentHash));

    private static List<Fault> Unstorable(Value document, string definitionId)
    {
        var faults = new List<Fault>();
        if (document["root"].AsObject is null || document["root"]["type"].AsText is not { Length: > 0 }) faults.Add(new("/root", "required", "the root of a flow is an activity: an object with a type"));
        if (document["name"].AsText?.Length > MaxName) faults.Add(new("/name", "too-long", $"a name has at most {MaxName} characters"));
        if (definitionId.Length > MaxName || definitionId.AsSpan().ContainsAny("/\\") || definitionId.Any(char.IsControl))
            faults.Add(new("/definitionId", "value", $"an id has at most {MaxName} characters, no slash among them"));
        return faults;
    }

    private string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
}
