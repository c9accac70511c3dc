using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>What a workspace has published already, as far as it matters to one bundle; read under the publishing lock.</summary>
internal sealed class PublishedBundles(Bundle bundle)
{
    private const string Owned = """
        select distinct 'workflows', workflow_key, bundle_key from wfm.workflow_version
        union all select 'projectTypes', key, bundle_key from wfm.project_type
        union all select 'decisions', d.key, b.key
          from (select distinct on (key) key, document from wfm.bundle order by key, published_at desc) b, jsonb_object_keys(coalesce(b.document::jsonb -> 'decisions', '{}')) d(key)
        """;

    private readonly List<(string Key, string Version, string Hash)> _versions = [];
    private readonly List<(string Kind, string Key, string Bundle)> _owned = [];
    private readonly Dictionary<string, (string Type, string Bundle)> _defaults = [];

    /// <summary>Gets whether this very content is published under this version.</summary>
    public bool IsSame => _versions.Any(v => v.Key == bundle.Key && v.Version == bundle.Version && v.Hash == bundle.ContentHash);

    /// <summary>Gets the newest published version of the bundle; <c>null</c> when there is none.</summary>
    public string? Newest => _versions.Where(v => v.Key == bundle.Key).Select(v => v.Version).MaxBy(Semver.Parse);

    public static async Task<PublishedBundles> LockAsync(EngineTransaction transaction, Bundle bundle, CancellationToken ct)
    {
        var published = new PublishedBundles(bundle);
        await using (var first = transaction.FirstBatch())
        {
            first.Add("select wfm.lock_publishing()");
            await first.ExecuteNonQueryAsync(ct);
        }

        await using var batch = transaction.Batch();
        batch.Add("select key, version, content_hash from wfm.bundle");
        batch.Add(Owned);
        batch.Add("select subject_type, key, bundle_key from wfm.project_type where is_default");
        await using var reader = await batch.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) published._versions.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct)) published._owned.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct)) published._defaults[reader.GetString(0)] = (reader.GetString(1), reader.GetString(2));
        return published;
    }

    /// <summary>Tells what the bundle changes against the newest published version; against nothing, when there is none.</summary>
    public async Task<BundleDiff> CompareAsync(EngineTransaction transaction, CancellationToken ct)
    {
        if (Newest is not { } newest) return BundleDiff.Between(Value.Null, bundle.Document);
        await using var batch = transaction.Batch();
        batch.Add("select document from wfm.bundle where key = $1 and version = $2", bundle.Key, newest);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return BundleDiff.Between(Value.Parse(reader.GetString(0)), bundle.Document);
    }

    /// <summary>Tells whether a project type becomes its subject type's default: by its own word, or because there is no other.</summary>
    public bool IsDefault(ProjectType type) => type.Default && (!_defaults.TryGetValue(type.Subject, out var other) || other.Bundle == bundle.Key);

    public IReadOnlyList<Fault> Check() => [.. Versions(), .. Owners(), .. Defaults(), .. Requirements()];

    private IEnumerable<Fault> Versions()
    {
        if (_versions.Any(v => v.Key == bundle.Key && v.Version == bundle.Version))
        {
            yield return new("/bundle/version", "version-taken", $"{bundle.Key} {bundle.Version} is published with other content. Published versions never change: raise the version.");
        }
        else if (Newest is { } newest && Semver.Parse(bundle.Version)!.CompareTo(Semver.Parse(newest)) < 0)
        {
            yield return new("/bundle/version", "version-order", $"{bundle.Key} {newest} is published; {bundle.Version} is older.");
        }
    }

    private IEnumerable<Fault> Owners() =>
        from owned in _owned
        where owned.Bundle != bundle.Key && bundle.Document[owned.Kind].AsObject?.Has(owned.Key) == true
        select new Fault($"/{owned.Kind}/{owned.Key}", "key-taken", $"{owned.Key} belongs to the bundle {owned.Bundle}.");

    private IEnumerable<Fault> Defaults() =>
        from type in bundle.ProjectTypes.Values
        where bundle.Document["projectTypes"][type.Key]["default"].AsBoolean && _defaults.TryGetValue(type.Subject, out var other) && other.Bundle != bundle.Key
        select new Fault($"/projectTypes/{type.Key}/default", "default-taken", $"{_defaults[type.Subject].Type} of the bundle {_defaults[type.Subject].Bundle} is the default for {type.Subject}.");

    private IEnumerable<Fault> Requirements() =>
        from requirement in bundle.Requires
        where !_versions.Any(v => v.Key == requirement.Key && SemverRange.Parse(requirement.Value)!.Includes(v.Version))
        select new Fault($"/bundle/requires/{requirement.Key}", "requirement", $"{requirement.Key} {requirement.Value} is not published in this workspace.");
}
