using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Crm.Entities.Users;

/// <summary>Roles of a workspace: the ones its bundles speak of, and the built-in one.</summary>
public static class Roles
{
    /// <summary>Administers users, teams, keys and the workspace; built in.</summary>
    public const string Admin = "admin";

    /// <summary>Finds the keys that are no roles of the current workspace.</summary>
    public static async Task<IReadOnlyList<string>> UnknownRolesAsync(this CrmDbContext db, IReadOnlyCollection<string> keys, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var known = await db.Set<RoleRow>().Where(r => keys.Contains(r.Key)).Select(r => r.Key).ToListAsync(ct);
        return [.. keys.Except(known).Where(k => k != Admin)];
    }
}
