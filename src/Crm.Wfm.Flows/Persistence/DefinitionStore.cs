using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>The rows of flows' versions.</summary>
internal static class DefinitionStore
{
    /// <summary>Gives the number of a bundle's automation, whose version is written down when it is first asked for.</summary>
    public static async Task<int> NumberAsync(DbContext db, PublishedAutomation published, DateTimeOffset now, CancellationToken ct)
    {
        var (bundle, automation) = (published.Bundle, published.Automation);
        const string find = "select number from wfm_flows.definition where bundle_key = $1 and bundle_version = $2 and automation = $3";
        object?[] key = [bundle.Key, bundle.Version, automation.Key];
        if (await db.QueryAsync(find, key, r => r.GetInt32(0), ct) is [var known]) return known;
        var definition = $"{bundle.Key}/{automation.Key}";
        await db.ExecuteAsync("""
            insert into wfm_flows.definition (workspace_id, id, definition_id, version, name, document, content_hash, is_latest, is_published, has_run, bundle_key, bundle_version, automation, created_at)
            select wfm.workspace(), $1 || '@' || $2, $1, coalesce((select max(version) from wfm_flows.definition where definition_id = $1), 0) + 1, $3, $4, $5, true, true, true, $6, $2, $7, $8
            on conflict do nothing
            """, [definition, bundle.Version, automation.Source["title"].AsText ?? automation.Flow?.Definition.Name ?? automation.Key, CanonicalJson.Text(automation.Source["flow"]), bundle.ContentHash, bundle.Key, automation.Key, now.ToUniversalTime()], ct);
        await db.ExecuteAsync("update wfm_flows.definition set is_latest = false, is_published = false where definition_id = $1 and bundle_version <> $2 and is_latest", [definition, bundle.Version], ct);
        return (await db.QueryAsync(find, key, r => r.GetInt32(0), ct))[0];
    }
}
