using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Moves;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>Finds everything by which a flow could not run as it is drawn, the other flows of the workspace and what the host lacks among it.</summary>
internal sealed class PublishCheck(DbContext db, ActivityCatalog activities, IServiceProvider host)
{
    /// <param name="definitionId">The flow.</param>
    /// <param name="content">What it is to be.</param>
    /// <param name="actor">Who would publish it; <c>null</c> where the roles it acts in were lent already.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Found> CheckAsync(string definitionId, DefinitionContent content, Actor? actor, CancellationToken ct)
    {
        var faults = new List<Fault>();
        var flow = FlowCompiler.Compile(content.Document, activities, await DefinitionUses.KnownAsync(db, content.Uses, ct), faults);
        var starts = flow is null ? [] : FlowStart.Find(flow, faults);
        if (flow is not null)
        {
            ActivityChecks.Check(flow, faults);
            ActivityChecks.CheckHost(flow, host, faults);
            if (actor is not null) LentRoles.Check(flow, actor, host.GetRequiredService<IOptions<WfmOptions>>().Value.PublisherRole, faults);
        }

        await CheckTypeAsync(definitionId, content.TypeName, faults, ct);
        await CheckRoutesAsync(definitionId, starts, faults, ct);
        return new(faults, starts);
    }

    // Of two flows of one type the one that was published last would be used.
    private async Task CheckTypeAsync(string definitionId, string? type, List<Fault> faults, CancellationToken ct)
    {
        if (type is null) return;
        if (activities.TryFind(type, out _)) faults.Add(new("/name", "duplicate-type", $"as an activity it would be {type}, which there is already"));
        const string sql = "select definition_id from wfm_flows.definition where type_name = $1 and definition_id <> $2 and is_published limit 1";
        if (await db.QueryAsync(sql, [type, definitionId], r => r.GetString(0), ct) is [var other]) faults.Add(new("/name", "duplicate-type", $"as an activity it would be {type}, which flow '{other}' is already"));
    }

    private async Task CheckRoutesAsync(string definitionId, IReadOnlyList<FlowStart> starts, List<Fault> faults, CancellationToken ct)
    {
        var routes = starts.Where(s => s.Kind == StartKinds.Http).ToList();
        if (routes.Count == 0) return;
        var taken = await db.QueryAsync("""
            select t.key, d.definition_id from wfm_flows.trigger t join wfm_flows.definition d on d.number = t.definition
            where t.kind = 'http' and t.key = any($1) and d.definition_id <> $2
            """, [routes.Select(r => r.Key).ToArray(), definitionId], r => (Key: r.GetString(0), Flow: r.GetString(1)), ct);
        faults.AddRange(from route in routes
                        join other in taken on route.Key equals other.Key
                        select route.Place.Fault("duplicate-route", $"flow '{other.Flow}' is started by {other.Key} already"));
    }

    /// <summary>What a check found.</summary>
    /// <param name="Faults">Everything by which the flow could not run.</param>
    /// <param name="Starts">What starts it.</param>
    internal sealed record Found(IReadOnlyList<Fault> Faults, IReadOnlyList<FlowStart> Starts);
}
