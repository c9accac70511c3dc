using Crm.Entities;
using Crm.Entities.Users;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Demo;

/// <summary>The people of the demo workspace: who tries it, and two colleagues.</summary>
internal static class DemoUsers
{
    /// <summary>The user whose key the host prints.</summary>
    public static readonly Guid Demo = new("00000000-0000-0000-0000-000000000002");

    private static readonly (Guid Id, string Name, string[] Roles)[] People =
    [
        (Demo, "Demo", ["admin", "sales-rep", "lead-agent"]),
        (new("00000000-0000-0000-0000-000000000003"), "Nina Keller", ["sales-manager", "lead-manager"]),
        (new("00000000-0000-0000-0000-000000000004"), "Tom Berger", ["sales-rep", "lead-agent"]),
    ];

    /// <summary>Makes those that are missing, in the transaction at hand.</summary>
    public static async Task<IReadOnlyList<User>> EnsureAsync(CrmDbContext db, Guid workspace, DateTimeOffset now, CancellationToken ct)
    {
        var ids = People.Select(p => p.Id).ToList();
        var there = await db.Users.Where(u => ids.Contains(u.Id)).ToListAsync(ct);
        var missing = People.Where(p => there.All(u => u.Id != p.Id)).Select(p => new User { WorkspaceId = workspace, Id = p.Id, Name = p.Name, Roles = p.Roles, CreatedAt = now }).ToList();
        db.Users.AddRange(missing);
        await db.SaveChangesAsync(ct);
        return [.. there.Concat(missing).OrderBy(u => u.Id)];
    }
}
