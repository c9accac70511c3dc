using Crm.Wfm.Flows.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>Takes versions away, with the runs of them that have ended.</summary>
internal static class DefinitionDeletion
{
    /// <param name="db">The context.</param>
    /// <param name="which">Which versions, as a condition with <c>$1</c>.</param>
    /// <param name="id">What <c>$1</c> is.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<DeleteResult> DeleteAsync(DbContext db, string which, string id, CancellationToken ct)
    {
        // Whoever is starting a run of it holds the row until that is committed, and is seen below.
        var versions = await db.QueryAsync($"select number, bundle_key from wfm_flows.definition where {which} for update", [id], r => (Number: r.GetInt32(0), Bundle: r.GetValue(1) as string), ct);
        if (versions.Count == 0) return new DeleteResult.NotFound();
        if (versions.Find(v => v.Bundle is not null).Bundle is { } bundle) return new DeleteResult.ReadOnly(bundle);
        int[] numbers = [.. versions.Select(v => v.Number)];
        var goingOn = (await db.QueryAsync("select count(*) from wfm_flows.run where definition = any($1) and finished_at is null", [numbers], r => (int)r.GetInt64(0), ct))[0];
        if (goingOn > 0) return new DeleteResult.InUse(goingOn);
        var runs = await db.ExecuteAsync("delete from wfm_flows.run where definition = any($1)", [numbers], ct);
        return new DeleteResult.Deleted(await db.ExecuteAsync("delete from wfm_flows.definition where number = any($1)", [numbers], ct), runs);
    }

    /// <summary>Makes the newest of the versions left the latest.</summary>
    public static Task ChooseLatestAsync(DbContext db, string definitionId, CancellationToken ct) => db.ExecuteAsync("""
        update wfm_flows.definition d set is_latest = true
        where d.definition_id = $1 and d.version = (select max(version) from wfm_flows.definition where definition_id = $1) and not d.is_latest
        """, [definitionId], ct);
}
