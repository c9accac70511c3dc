using Microsoft.EntityFrameworkCore;

namespace Crm.Entities.Teams;

/// <summary>How a member of a team is picked.</summary>
public enum AssignmentStrategy
{
    /// <summary>One after the other, in the order of their ids.</summary>
    RoundRobin,
    /// <summary>Who has the fewest open deals and leads; of equals the one with the lowest id.</summary>
    LeastBusy,
}

/// <summary>
/// Picks members of teams. Which team and how is decided elsewhere, by a decision table say; here it is only counted, in the transaction at hand. The team is locked until
/// that ends, so that of two hosts the second sees whom the first has picked.
/// </summary>
public sealed class Assignment(CrmDbContext db)
{
    /// <summary>Picks the next active member of a team.</summary>
    /// <param name="team">The team's name; of several by that name the oldest.</param>
    /// <param name="strategy">How.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns><c>null</c> when there is no such team, or nobody active in it.</returns>
    public async Task<Guid?> NextAsync(string team, AssignmentStrategy strategy, CancellationToken ct)
    {
        var locked = await db.Database.SqlQuery<Guid>($"""select t.id as "Value" from crm.team t where t.name = {team} order by t.id limit 1 for no key update""").ToListAsync(ct);
        if (locked is not [var id]) return null;
        // A statement of its own: it sees what was committed while the lock was waited for.
        var picked = strategy == AssignmentStrategy.RoundRobin ? InTurn(id) : LeastBusy(id);
        return (await picked.ToListAsync(ct)).SingleOrDefault();
    }

    private IQueryable<Guid?> InTurn(Guid team) => db.Database.SqlQuery<Guid?>($"""
        update crm.team t set turn_user_id = (
          select m.user_id from crm.team_member m join crm."user" u on u.workspace_id = m.workspace_id and u.id = m.user_id
          where m.workspace_id = t.workspace_id and m.team_id = t.id and u.is_active
          order by m.user_id > t.turn_user_id desc nulls last, m.user_id
          limit 1)
        where t.id = {team}
        returning t.turn_user_id as "Value"
        """);

    private IQueryable<Guid?> LeastBusy(Guid team) => db.Database.SqlQuery<Guid?>($"""
        select m.user_id as "Value" from crm.team_member m join crm."user" u on u.workspace_id = m.workspace_id and u.id = m.user_id
        where m.team_id = {team} and u.is_active
        order by (select count(*) from crm.deal d where d.workspace_id = m.workspace_id and d.owner_id = m.user_id and d.closed_at is null and d.deleted_at is null)
          + (select count(*) from crm.lead l where l.workspace_id = m.workspace_id and l.owner_id = m.user_id
             and l.converted_at is null and l.disqualified_reason is null and l.deleted_at is null), m.user_id
        limit 1
        """);
}
