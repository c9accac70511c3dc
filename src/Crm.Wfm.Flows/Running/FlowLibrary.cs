using System.Collections.Concurrent;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Running;

/// <summary>The flows of all workspaces, compiled, by the numbers of their versions. A version that has run never changes, so what was compiled once is kept.</summary>
internal sealed class FlowLibrary(ActivityCatalog activities, FlowCatalog bundles)
{
    private readonly ConcurrentDictionary<(Guid Workspace, int Number), FlowVersion> _versions = [];

    /// <summary>Gets a version that was found before; <c>null</c> for none.</summary>
    public FlowVersion? Known(Guid workspace, int number) => _versions.GetValueOrDefault((workspace, number));

    /// <summary>Finds a version by its number.</summary>
    public async ValueTask<FlowVersion> FindAsync(DbContext db, Guid workspace, int number, CancellationToken ct)
    {
        if (Known(workspace, number) is { } known) return known;
        var rows = await db.QueryAsync("""
            select d.document, d.bundle_key, d.bundle_version, d.automation, b.content_hash, d.has_run or d.is_published
            from wfm_flows.definition d left join wfm.bundle b on b.workspace_id = d.workspace_id and b.key = d.bundle_key and b.version = d.bundle_version where d.number = $1
            """, [number], r => (Document: r.GetString(0), Key: r.GetValue(1) as string, Version: r.GetValue(2) as string, Automation: r.GetValue(3) as string, Hash: r.GetValue(4) as string, IsSettled: r.GetBoolean(5)), ct);
        if (rows is not [var row]) return new(number, Flow: null, Automation: null);
        var automation = row.Key is null ? null : await bundles.FindAsync(db, new(row.Key, row.Version!, row.Hash!), row.Automation!, ct);
        var flow = automation?.Flow ?? (row.Key is null ? FlowCompiler.Compile(Value.Parse(row.Document), activities, _ => true, []) : null);
        var version = new FlowVersion(number, flow is null ? null : new Flow(flow.Definition, flow.Workflow, flow.Nodes) { Key = number.ToString(System.Globalization.CultureInfo.InvariantCulture) }, automation);
        return row.IsSettled ? _versions.GetOrAdd((workspace, number), version) : version;
    }

    /// <summary>Says why a draft does not run as a part of another flow, or is not started by one: nobody has lent it the roles it acts in.</summary>
    public static string Unlent(string flow) => $"'{flow}' is a draft that acts in roles: it has to be published first.";

    /// <summary>Finds the flow an activity stands for: by the version it names, else the published flow, else the latest draft, whose name makes its type.</summary>
    public async ValueTask<Flow?> FindAsync(DbContext db, Guid workspace, ActivityDefinition activity, CancellationToken ct)
    {
        var numbers = await db.QueryAsync("""
            select number, has_run from wfm_flows.definition
            where id = $1 or type_name = $2 or definition_id = $3
            order by (id = $1) desc, is_published desc, is_latest desc, version desc limit 1
            """, [activity.Source["workflowDefinitionVersionId"].AsText ?? "", activity.Type, activity.Source["workflowDefinitionId"].AsText ?? ""], r => (Number: r.GetInt32(0), IsSettled: r.GetBoolean(1)), ct);
        if (numbers is not [var (number, isSettled)]) return null;
        if (isSettled) return (await FindAsync(db, workspace, number, ct)).Flow;
        // A draft that runs as a part of another flow does not change under it. It is kept from the next time on: this burst may yet be undone.
        await db.ExecuteAsync("select from wfm_flows.definition where number = $1 for update", [number], ct);
        var version = await FindAsync(db, workspace, number, ct);
        if (version.Flow is { } draft && LentRoles.HasAny(draft)) throw new FlowException(Unlent(draft.Definition.DefinitionId));
        await DefinitionStore.SettleAsync(db, number, ct);
        return version.Flow;
    }
}

/// <summary>A version of a flow.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Flow">The flow; <c>null</c> when this host cannot run it.</param>
/// <param name="Automation">The bundle's automation it belongs to; <c>null</c> for none.</param>
internal sealed record FlowVersion(int Number, Flow? Flow, Automation? Automation);
