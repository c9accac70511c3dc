using System.Collections.Concurrent;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Wfm.Flows.Running;

/// <summary>The automations of published bundles, compiled. Published versions never change, so what was read once is kept for ever; equal content is shared between workspaces.</summary>
internal sealed class FlowCatalog(ActivityCatalog activities)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<Automation>> _byContent = [];

    /// <summary>Lists what is live in the workspace of the transaction at hand.</summary>
    public async Task<IReadOnlyList<PublishedAutomation>> LiveAsync(DbContext db, CancellationToken ct) => await LiveAsync(db, await db.QueryAsync(BundleVersion.Live, [], BundleVersion.Of, ct), ct);

    /// <summary>Lists the automations of bundles that are live.</summary>
    public async Task<IReadOnlyList<PublishedAutomation>> LiveAsync(DbContext db, IReadOnlyList<BundleVersion> bundles, CancellationToken ct)
    {
        var live = new List<PublishedAutomation>();
        foreach (var bundle in bundles) live.AddRange((await ReadAsync(db, bundle, ct)).Select(a => new PublishedAutomation(bundle, a)));
        return live;
    }

    /// <summary>Finds an automation of a bundle, whether or not that version is still live.</summary>
    public async Task<Automation> FindAsync(DbContext db, BundleVersion bundle, string key, CancellationToken ct) => (await ReadAsync(db, bundle, ct)).Single(a => a.Key == key);

    /// <summary>Reads the automations of a bundle that have a flow.</summary>
    public async ValueTask<IReadOnlyList<Automation>> ReadAsync(DbContext db, BundleVersion bundle, CancellationToken ct)
    {
        if (_byContent.TryGetValue(bundle.ContentHash, out var known)) return known;
        var documents = await db.QueryAsync("select document from wfm.bundle where key = $1 and version = $2", [bundle.Key, bundle.Version], r => r.GetString(0), ct);
        return _byContent.GetOrAdd(bundle.ContentHash, Compile(Value.Parse(documents.Single())));
    }

    private List<Automation> Compile(Value document)
    {
        var param = new FactObjectBuilder();
        foreach (var (name, value) in document["params"].AsObject ?? FactObject.Empty) param[name] = value["default"];
        return [.. from a in document["automations"].AsObject ?? FactObject.Empty
                   where !a.Value["flow"].IsNull
                   select Automation.Read(a.Key, a.Value, Value.From(param.Build()), activities, [], [])];
    }
}

/// <summary>A published version of a bundle.</summary>
internal sealed record BundleVersion(string Key, string Version, string ContentHash)
{
    /// <summary>Selects each bundle's newest version, which is the one published last.</summary>
    public const string Live = "select distinct on (key) key, version, content_hash from wfm.bundle order by key, recorded_at desc";

    public static BundleVersion Of(NpgsqlDataReader r) => new(r.GetString(0), r.GetString(1), r.GetString(2));
}

/// <summary>An automation and the bundle it stands in.</summary>
internal sealed record PublishedAutomation(BundleVersion Bundle, Automation Automation);
