using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>Flows that use other flows as activities.</summary>
internal static class DefinitionUses
{
    private const string Using = "d.uses && (select array_agg(distinct x) from wfm_flows.definition u cross join unnest(array[u.id, u.definition_id, u.type_name]) x where u.definition_id = $1 and x is not null)";

    /// <summary>Reads the latest and published versions of flows that use a flow.</summary>
    public static Task<List<StoredDefinition>> ConsumersAsync(DbContext db, string definitionId, CancellationToken ct) =>
        DefinitionStore.ReadAsync(db, $"where (d.is_latest or d.is_published) and {Using} order by d.definition_id, d.version", [definitionId], ct);

    /// <summary>Counts the flows that use a flow.</summary>
    public static async Task<int> CountAsync(DbContext db, string definitionId, CancellationToken ct) =>
        (await db.QueryAsync($"select count(distinct d.definition_id) from wfm_flows.definition d where (d.is_latest or d.is_published) and {Using}", [definitionId], r => (int)r.GetInt64(0), ct))[0];

    /// <summary>Reads the latest versions of all flows that use these, directly or not, and are none of them.</summary>
    public static async Task<IReadOnlyList<StoredDefinition>> AllConsumersAsync(DbContext db, IReadOnlyList<DefinitionSummary> used, CancellationToken ct)
    {
        var seen = used.Select(u => u.DefinitionId).ToHashSet(StringComparer.Ordinal);
        var open = new Queue<string>(seen);
        var found = new List<StoredDefinition>();
        while (open.TryDequeue(out var next))
        {
            foreach (var consumer in (await ConsumersAsync(db, next, ct)).Where(c => c.Summary.IsLatest && seen.Add(c.Summary.DefinitionId)))
            {
                found.Add(consumer);
                open.Enqueue(consumer.Summary.DefinitionId);
            }
        }

        return found;
    }

    /// <summary>Makes what tells whether an activity is another flow.</summary>
    /// <param name="db">The context.</param>
    /// <param name="uses">What the flow uses that is no activity of its own.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<Func<ActivityDefinition, bool>> KnownAsync(DbContext db, IReadOnlyList<string> uses, CancellationToken ct)
    {
        if (uses.Count == 0) return _ => false;
        var rows = await db.QueryAsync("select id, definition_id, type_name from wfm_flows.definition where id = any($1) or definition_id = any($1) or type_name = any($1)", [uses.ToArray()],
            r => (string?[])[r.GetString(0), r.GetString(1), r.GetValue(2) as string], ct);
        var known = rows.SelectMany(r => r).ToHashSet();
        return activity => known.Contains(activity.Type) || Named(activity, "workflowDefinitionVersionId") || Named(activity, "workflowDefinitionId");
        bool Named(ActivityDefinition activity, string member) => activity.Source[member].AsText is { } id && known.Contains(id);
    }

    /// <summary>Gives a flow's document with its uses of another flow pointed at a version of that.</summary>
    public static Value Follow(Value document, DefinitionSummary used) => DefinitionContent.Rewrite(document, activity =>
        activity["type"].AsText != used.TypeName && activity["workflowDefinitionId"].AsText != used.DefinitionId ? activity : activity
            .With("version", Value.From(used.Version))
            .With("workflowDefinitionId", Value.From(used.DefinitionId))
            .With("workflowDefinitionVersionId", Value.From(used.Id))
            .With("latestAvailablePublishedVersion", Value.From(used.Version))
            .With("latestAvailablePublishedVersionId", Value.From(used.Id)));
}
