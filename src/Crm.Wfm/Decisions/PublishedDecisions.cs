using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Crm.Wfm.Subjects;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Decisions;

/// <summary>
/// Asks published decisions of the current workspace: those of each bundle's newest version, or, for a project, those of the workflow version it follows, which are the
/// ones its rules read. For endpoints, flows and whatever else a host has; rules have the operator <c>decide</c>.
/// </summary>
public sealed class PublishedDecisions
{
    private const string Newest = "select distinct on (key) key, version, content_hash from wfm.bundle order by key, published_at desc";

    private readonly HostContext _host;
    private readonly SubjectTypes _subjects;
    private readonly WorkflowCatalog _workflows;
    private readonly DecisionCatalog _catalog;
    private readonly TimeProvider _time;

    internal PublishedDecisions(HostContext host, SubjectTypes subjects, WorkflowCatalog workflows, DecisionCatalog catalog, TimeProvider time) =>
        (_host, _subjects, _workflows, _catalog, _time) = (host, subjects, workflows, catalog, time);

    /// <summary>Lists the decisions of each bundle's newest version, by key.</summary>
    public Task<IReadOnlyList<PublishedDecision>> ListAsync(CancellationToken ct) => _host.ExecuteAsync(async token =>
    {
        await using var transaction = await EngineTransaction.BeginAsync(_host, token);
        return await ReadAsync(transaction, token);
    }, ct);

    /// <summary>Finds a decision of its bundle's newest version; <c>null</c> when there is none.</summary>
    public async Task<PublishedDecision?> FindAsync(string key, CancellationToken ct) => (await ListAsync(ct)).FirstOrDefault(d => d.Decision.Key == key);

    /// <summary>Decides, and tells how.</summary>
    /// <param name="key">Key of the decision.</param>
    /// <param name="inquiry">What it is asked with.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns><c>null</c> when there is no such decision, or no such project.</returns>
    public Task<DecisionTrace?> AskAsync(string key, Inquiry inquiry, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(inquiry);
        return _host.ExecuteAsync(async token =>
        {
            await using var transaction = await EngineTransaction.BeginAsync(_host, token);
            return inquiry.Project is { } project ? await AskOfAsync(project, key, inquiry, transaction, token) : await AskNewestAsync(key, inquiry, transaction, token);
        }, ct);
    }

    private async Task<DecisionTrace?> AskNewestAsync(string key, Inquiry inquiry, EngineTransaction transaction, CancellationToken ct)
    {
        if ((await ReadAsync(transaction, ct)).FirstOrDefault(d => d.Decision.Key == key) is not { } found) return null;
        var facts = DecisionFacts.Of(Value.From(inquiry.Entity), Value.Null, inquiry.Actor, [], _time.GetUtcNow(), found.Params);
        return found.Decision.Explain(facts, inquiry.Inputs);
    }

    private async Task<DecisionTrace?> AskOfAsync(Guid project, string key, Inquiry inquiry, EngineTransaction transaction, CancellationToken ct)
    {
        var found = await new SituationReader(_host, _subjects, transaction).LookAsync(project, inquiry.Actor, _time.GetUtcNow(), ct);
        if (found is not (var reading, { } situation)) return null;
        var workflow = await _workflows.GetAsync(_host.Workspace, reading.WorkflowVersion, transaction, ct);
        return workflow.Decisions.GetValueOrDefault(key)?.Explain(situation.Facts(workflow), inquiry.Inputs);
    }

    private async Task<IReadOnlyList<PublishedDecision>> ReadAsync(EngineTransaction transaction, CancellationToken ct)
    {
        var bundles = new List<(string Key, string Version, string Hash)>();
        await using (var batch = transaction.FirstBatch())
        {
            batch.Add(Newest);
            await using var reader = await batch.ExecuteReaderAsync(ct);
            await reader.NextResultAsync(ct); // past set_config
            while (await reader.ReadAsync(ct)) bundles.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        var decisions = new List<PublishedDecision>();
        foreach (var (key, version, hash) in bundles) decisions.AddRange(await _catalog.GetAsync(key, version, hash, transaction, ct));
        return [.. decisions.OrderBy(d => d.Decision.Key, StringComparer.Ordinal)];
    }
}

/// <summary>What a decision is asked with.</summary>
/// <param name="Actor">Who asks: the facts at <c>actor.*</c>.</param>
/// <param name="Entity">The facts at <c>entity.*</c>; <c>null</c> for none.</param>
/// <param name="Inputs">Inputs that are given rather than computed from the facts; <c>null</c> for none.</param>
/// <param name="Project">The project it is about: the facts are its own, and the decision that of the version it follows; <c>null</c> for none.</param>
public sealed record Inquiry(Actor Actor, FactObject? Entity = null, FactObject? Inputs = null, Guid? Project = null);

/// <summary>A decision and where it comes from.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Bundle">Key of the bundle.</param>
/// <param name="Version">The bundle's version.</param>
/// <param name="Params">The bundle's parameters, at <c>param.*</c>.</param>
public sealed record PublishedDecision(Decision Decision, string Bundle, string Version, Value Params);
