using Crm.Wfm.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Wfm.Workflows;

/// <summary>Reads published workflows of the current workspace for hosts that show them, on boards say. In the transaction at hand, which has to see the workspace.</summary>
public sealed class PublishedWorkflows
{
    private const string Default = "select workflow_version_id from wfm.project_type where subject_type = $1 and is_default and not is_retired";

    private const string Former = """
        select distinct on (s.key) s.key, s.workflow_version_id
        from wfm.project_type t
        join wfm.workflow_version v on v.workspace_id = t.workspace_id and v.bundle_key = t.bundle_key
        join wfm.bundle b on b.workspace_id = v.workspace_id and b.key = v.bundle_key and b.version = v.bundle_version
        join wfm.step s on s.workspace_id = v.workspace_id and s.workflow_version_id = v.id
        where t.subject_type = $1 and s.key = any ($2)
        order by s.key, b.published_at desc
        """;

    private readonly HostContext _host;
    private readonly WorkflowCatalog _catalog;

    internal PublishedWorkflows(HostContext host, WorkflowCatalog catalog) => (_host, _catalog) = (host, catalog);

    /// <summary>Finds the workflow new projects of a subject type's default process follow.</summary>
    /// <param name="subjectType">Subject type, such as <c>deal</c>.</param>
    /// <param name="ct">Cancels the reading.</param>
    /// <returns><c>null</c> when no published process governs the type by default.</returns>
    public async Task<Workflow?> DefaultOfAsync(string subjectType, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(subjectType);
        var versions = await ReadAsync(Default, [subjectType], reader => reader.GetGuid(0), ct);
        return versions is [var version] ? await WorkflowAsync(version, ct) : null;
    }

    /// <summary>Finds steps the present version lacks and earlier ones had, where projects may still be.</summary>
    /// <param name="subjectType">Subject type whose processes are looked through.</param>
    /// <param name="keys">Keys of the steps.</param>
    /// <param name="ct">Cancels the reading.</param>
    /// <returns>The steps in the order of their keys, each from the version published last that has it; none for a key no version has.</returns>
    public async Task<IReadOnlyList<Step>> FormerStepsAsync(string subjectType, IReadOnlyCollection<string> keys, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(subjectType);
        var array = new NpgsqlParameter { Value = keys.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
        var steps = new List<Step>();
        foreach (var (key, version) in await ReadAsync(Former, [subjectType, array], reader => (reader.GetString(0), reader.GetGuid(1)), ct))
        {
            steps.Add((await WorkflowAsync(version, ct)).Step(key)!);
        }

        return steps;
    }

    private async Task<List<T>> ReadAsync<T>(string sql, object[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var batch = _host.Batch();
        batch.Add(sql, parameters);
        var found = new List<T>();
        await using var reader = await batch.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) found.Add(read(reader));
        return found;
    }

    private async Task<Workflow> WorkflowAsync(Guid version, CancellationToken ct)
    {
        await using var transaction = await EngineTransaction.BeginAsync(_host, ct);
        return await _catalog.GetAsync(_host.Workspace, version, transaction, ct);
    }
}
