using System.Collections.Concurrent;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions;

/// <summary>The decisions of published bundles, compiled. Bundles never change, so what was read once is kept for ever, and shared between workspaces.</summary>
internal sealed class DecisionCatalog(PostActionNames actions)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<PublishedDecision>> _byContent = [];

    public async ValueTask<IReadOnlyList<PublishedDecision>> GetAsync(string key, string version, string hash, EngineTransaction transaction, CancellationToken ct)
    {
        if (_byContent.TryGetValue(hash, out var known)) return known;
        await using var batch = transaction.Batch();
        batch.Add("select document from wfm.bundle where key = $1 and version = $2", key, version);
        var document = (string?)await batch.ExecuteScalarAsync(ct) ?? throw new InvalidOperationException($"The bundle {key} {version} is missing.");
        return _byContent.GetOrAdd(hash, _ => Compile(document));
    }

    private IReadOnlyList<PublishedDecision> Compile(string document)
    {
        var value = Value.Parse(document);
        if (value["decisions"].IsNull) return [];
        var reading = BundleReader.Read(value, actions.All);
        var bundle = reading.Bundle ?? throw new InvalidOperationException(
            $"The published bundle {value["bundle"]["key"].AsText} cannot be read by this host: {string.Join("; ", reading.Faults.Select(f => $"{f.Pointer} {f.Message}"))}");
        return [.. bundle.Decisions.Values.Select(decision => new PublishedDecision(decision, bundle.Key, bundle.Version, bundle.Params))];
    }
}
