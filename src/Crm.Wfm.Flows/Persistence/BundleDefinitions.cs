using Crm.Wfm.Bundles;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>The flows of bundles: versions of definitions, published with their bundle, in its transaction, and by it alone.</summary>
internal sealed class BundleDefinitions(FlowCatalog catalog, ActivityCatalog activities) : IBundlePublication
{
    /// <summary>Gives the id of a bundle's flow.</summary>
    public static string IdOf(string bundle, string automation) => $"{bundle}.{automation}";

    /// <summary>Publishes the flows of a bundle's new version; those of the versions before are no longer.</summary>
    public async Task PublishedAsync(HostContext host, Bundle bundle, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        var db = host.Db;
        // Bundles a host loads when it starts come before this package's own migration, which takes them up.
        if (!await IsMigratedAsync(db, ct)) return;
        await DefinitionStore.LockPublishingAsync(db, ct);
        await db.ExecuteAsync("delete from wfm_flows.trigger t using wfm_flows.definition d where d.bundle_key = $1 and d.number = t.definition", [bundle.Key], ct);
        await db.ExecuteAsync("update wfm_flows.definition set is_published = false where bundle_key = $1 and is_published", [bundle.Key], ct);
        var version = new BundleVersion(bundle.Key, bundle.Version, bundle.ContentHash);
        foreach (var automation in await catalog.ReadAsync(db, version, ct)) await AddAsync(db, new(version, automation), activities, actor.Id, now, ct);
    }

    /// <summary>Gives the number of a bundle's flow. Of a bundle that was published before its flows were, they are published when they are first asked for.</summary>
    public static async Task<int> NumberAsync(DbContext db, PublishedAutomation published, ActivityCatalog activities, DateTimeOffset now, CancellationToken ct)
    {
        if (await FindAsync(db, published, ct) is { } known) return known;
        await DefinitionStore.LockPublishingAsync(db, ct);
        return await FindAsync(db, published, ct) ?? await AddAsync(db, published, activities, by: null, now, ct);
    }

    /// <summary>Publishes the flows of live bundles that are not yet, in the workspace of the scope.</summary>
    public static Task AdoptAsync(IServiceProvider scope, CancellationToken ct)
    {
        var (host, catalog, activities, time) = (scope.GetRequiredService<HostContext>(), scope.GetRequiredService<FlowCatalog>(), scope.GetRequiredService<ActivityCatalog>(), scope.GetRequiredService<TimeProvider>());
        return host.InTransactionAsync(async token =>
        {
            var live = await catalog.LiveAsync(host.Db, token);
            foreach (var published in live) await NumberAsync(host.Db, published, activities, time.GetUtcNow(), token);
            return live.Count;
        }, ct);
    }

    private static async Task<bool> IsMigratedAsync(DbContext db, CancellationToken ct) => (await db.QueryAsync("select to_regprocedure('wfm_flows.cron_triggers()') is not null", [], r => r.GetBoolean(0), ct))[0];

    private static async Task<int?> FindAsync(DbContext db, PublishedAutomation published, CancellationToken ct) => await db.QueryAsync(
        "select number from wfm_flows.definition where bundle_key = $1 and bundle_version = $2 and automation = $3", [published.Bundle.Key, published.Bundle.Version, published.Automation.Key],
        r => r.GetInt32(0), ct) is [var number] ? number : null;

    private static async Task<int> AddAsync(DbContext db, PublishedAutomation published, ActivityCatalog activities, Guid? by, DateTimeOffset now, CancellationToken ct)
    {
        var (bundle, automation) = (published.Bundle, published.Automation);
        var definitionId = IdOf(bundle.Key, automation.Key);
        await DefinitionStore.LockAsync(db, definitionId, ct);
        var content = DefinitionContent.Of(automation.Source["flow"], activities);
        var name = automation.Source["title"].AsText ?? content.Name ?? automation.Key;
        var number = await DefinitionStore.InsertAsync(db, definitionId, $"{definitionId}@{bundle.Version}", content, name, by, now, new(bundle.Key, bundle.Version, automation.Key), ct);
        await DefinitionStore.PublishAsync(db, definitionId, number, ct);
        await TriggerStore.InsertAsync(db, number, automation.Starts, now, ct);
        return number;
    }
}
