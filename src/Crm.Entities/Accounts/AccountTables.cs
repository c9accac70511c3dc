using Crm.Entities.ApiKeys;
using Crm.Entities.Records;
using Crm.Entities.Teams;
using Crm.Entities.Users;
using Microsoft.EntityFrameworkCore;

namespace Crm.Entities.Accounts;

/// <summary>Maps users, and what lets them in.</summary>
internal static class AccountTables
{
    public static void MapAccounts(this ModelBuilder model)
    {
        model.MapTable<User>("user").Property(u => u.Version).IsConcurrencyToken();
        model.MapTable<Invitation>("invitation", nameof(Invitation.UserId)).HasOne<User>().WithMany().HasForeignKey(i => new { i.WorkspaceId, i.UserId });
        model.MapTable<Session>("session").HasOne<User>().WithMany().HasForeignKey(s => new { s.WorkspaceId, s.UserId });
        model.MapTable<ApiKey>("api_key").HasOne<User>().WithMany().HasForeignKey(k => new { k.WorkspaceId, k.UserId });
        var team = model.MapTable<Team>("team");
        team.Property(t => t.Version).IsConcurrencyToken();
        team.HasMany(t => t.Members).WithOne().HasForeignKey(m => new { m.WorkspaceId, m.TeamId });
        model.MapTable<TeamMember>("team_member", nameof(TeamMember.TeamId), nameof(TeamMember.UserId))
            .HasOne<User>().WithMany().HasForeignKey(m => new { m.WorkspaceId, m.UserId });
    }
}
