using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>The rows of flows' versions.</summary>
internal static class DefinitionStore
{
    private const string Columns = "d.number, d.id, d.definition_id, d.version, d.name, d.description, d.type_name, d.is_latest, d.is_published, d.has_run, d.bundle_key, d.bundle_version, d.automation, d.tool_version, d.created_at, d.created_by, d.content_hash";

    /// <summary>Keeps others from saving or publishing versions of a flow until the transaction ends.</summary>
    public static Task LockAsync(DbContext db, string definitionId, CancellationToken ct) =>
        db.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('wfm_flows.definition ' || wfm.workspace() || ' ' || $1, 0))", [definitionId], ct);

    /// <summary>Keeps others from publishing in the workspace until the transaction ends: what two flows may not both have is looked for among all. To be taken before <see cref="LockAsync"/>.</summary>
    public static Task LockPublishingAsync(DbContext db, CancellationToken ct) => db.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('wfm_flows.publish ' || wfm.workspace(), 0))", [], ct);

    /// <summary>Reads versions with their documents.</summary>
    public static Task<List<StoredDefinition>> ReadAsync(DbContext db, string rest, object?[] parameters, CancellationToken ct) =>
        db.QueryAsync($"select {Columns}, d.document from wfm_flows.definition d {rest}", parameters, r => Stored(Summary(r), r.GetString(17)), ct);

    /// <summary>Reads versions without their documents.</summary>
    public static Task<List<DefinitionSummary>> ListAsync(DbContext db, string rest, object?[] parameters, CancellationToken ct) =>
        db.QueryAsync($"select {Columns} from wfm_flows.definition d {rest}", parameters, Summary, ct);

    public static async Task<StoredDefinition?> LatestAsync(DbContext db, string definitionId, CancellationToken ct) =>
        (await ReadAsync(db, "where d.definition_id = $1 and d.is_latest", [definitionId], ct)).SingleOrDefault();

    public static async Task<StoredDefinition> ReloadAsync(DbContext db, int number, CancellationToken ct) => (await ReadAsync(db, "where d.number = $1", [number], ct)).Single();

    /// <summary>Overwrites a draft, unless it has been published, or has run, by now.</summary>
    /// <returns>Whether it was overwritten.</returns>
    public static async Task<bool> OverwriteAsync(DbContext db, int number, DefinitionContent content, string name, Guid by, CancellationToken ct) => await db.ExecuteAsync("""
        update wfm_flows.definition set name = $2, type_name = $3, description = $4, document = $5, content_hash = $6, activation = $7, is_system = $8, tool_version = $9, uses = $10, created_by = $11
        where number = $1 and not is_published and not has_run
        """, [number, .. Columned(content, name), by], ct) > 0;

    /// <summary>Adds the next version, which is the latest from then on.</summary>
    /// <returns>Its number.</returns>
    public static async Task<int> InsertAsync(DbContext db, string definitionId, string id, DefinitionContent content, string name, Guid? by, DateTimeOffset now, BundlePlace? bundle, CancellationToken ct)
    {
        await db.ExecuteAsync("update wfm_flows.definition set is_latest = false where definition_id = $1 and is_latest", [definitionId], ct);
        return (await db.QueryAsync("""
            insert into wfm_flows.definition (workspace_id, definition_id, id, version, name, type_name, description, document, content_hash, activation, is_system, tool_version, uses,
              is_latest, is_published, created_at, created_by, bundle_key, bundle_version, automation)
            select wfm.workspace(), $1, $2, coalesce((select max(version) from wfm_flows.definition where definition_id = $1), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, true, false, $12, $13, $14, $15, $16
            returning number
            """,
            [
                definitionId, id, .. Columned(content, name), now.ToUniversalTime(), Parameters.Id(by), Parameters.Text(bundle?.Bundle), Parameters.Text(bundle?.Version), Parameters.Text(bundle?.Automation),
            ], r => r.GetInt32(0), ct))[0];
    }

    /// <summary>Makes a version the published one of its flow, which settles it, and takes the triggers of the one before away.</summary>
    public static async Task PublishAsync(DbContext db, string definitionId, int number, CancellationToken ct)
    {
        await UnpublishAsync(db, definitionId, ct);
        await db.ExecuteAsync("update wfm_flows.definition set is_published = true, has_run = true where number = $1", [number], ct);
    }

    /// <summary>Takes a flow's published version back, with its triggers.</summary>
    public static async Task UnpublishAsync(DbContext db, string definitionId, CancellationToken ct)
    {
        await db.ExecuteAsync("delete from wfm_flows.trigger t using wfm_flows.definition d where d.definition_id = $1 and d.number = t.definition", [definitionId], ct);
        await db.ExecuteAsync("update wfm_flows.definition set is_published = false where definition_id = $1 and is_published", [definitionId], ct);
    }

    /// <summary>Settles a draft, because it runs. Waits for whoever is about to overwrite it.</summary>
    public static Task SettleAsync(DbContext db, int number, CancellationToken ct) => db.ExecuteAsync("update wfm_flows.definition set has_run = true where number = $1 and not has_run", [number], ct);

    private static StoredDefinition Stored(DefinitionSummary summary, string document) => new(summary, DefinitionContent.Stamp(summary, document.Length == 0 ? Value.Null : Value.Parse(document)));

    private static object?[] Columned(DefinitionContent content, string name) =>
    [
        name, Parameters.Text(content.TypeName), Parameters.Text(content.Description), content.Text, content.Hash, content.Activation.ToString().ToLowerInvariant(), content.IsSystem,
        Parameters.Text(content.ToolVersion), content.Uses.ToArray(),
    ];

    private static DefinitionSummary Summary(NpgsqlDataReader r) => new()
    {
        Number = r.GetInt32(0),
        Id = r.GetString(1),
        DefinitionId = r.GetString(2),
        Version = r.GetInt32(3),
        Name = r.GetString(4),
        Description = r.GetValue(5) as string,
        TypeName = r.GetValue(6) as string,
        IsLatest = r.GetBoolean(7),
        IsPublished = r.GetBoolean(8),
        IsSettled = r.GetBoolean(9),
        Bundle = r.GetValue(10) as string,
        BundleVersion = r.GetValue(11) as string,
        Automation = r.GetValue(12) as string,
        ToolVersion = r.GetValue(13) as string,
        CreatedAt = r.GetFieldValue<DateTimeOffset>(14),
        CreatedBy = r.IsDBNull(15) ? null : r.GetGuid(15),
        ContentHash = r.GetString(16),
    };
}

/// <summary>Where a flow stands in a bundle.</summary>
internal sealed record BundlePlace(string Bundle, string Version, string Automation);
