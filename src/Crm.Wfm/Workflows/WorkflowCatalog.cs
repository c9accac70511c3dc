using System.Collections.Concurrent;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Workflows;

/// <summary>Published workflow versions, compiled. They never change, so what was read once is kept for ever; equal content is shared between workspaces.</summary>
internal sealed class WorkflowCatalog(PostActionNames actions)
{
    private readonly ConcurrentDictionary<(Guid Workspace, Guid Version), Workflow> _byVersion = [];
    private readonly ConcurrentDictionary<string, Workflow> _byContent = [];

    /// <summary>Finds a version a project follows, reading it in the transaction at hand when this host has not met it.</summary>
    public async ValueTask<Workflow> GetAsync(Guid workspace, Guid version, EngineTransaction transaction, CancellationToken ct)
    {
        if (_byVersion.TryGetValue((workspace, version), out var known)) return known;
        await using var batch = transaction.Batch();
        batch.Add("select workflow_key, content_hash, definition from wfm.workflow_version where id = $1", version);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) throw new InvalidOperationException($"Workflow version {version} is missing.");
        var workflow = _byContent.GetOrAdd(reader.GetString(1), (_, row) => Compile(row.Key, row.Definition), (Key: reader.GetString(0), Definition: reader.GetString(2)));
        return _byVersion.GetOrAdd((workspace, version), workflow);
    }

    private Workflow Compile(string key, string definition)
    {
        var reading = BundleReader.Read(Value.Parse(definition), actions.All);
        return reading.Bundle?.Workflows[key] ?? throw new InvalidOperationException(
            $"The published workflow {key} cannot be read by this host: {string.Join("; ", reading.Faults.Select(f => $"{f.Pointer} {f.Message}"))}");
    }
}
