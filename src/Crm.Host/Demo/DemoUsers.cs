using Crm.Entities;
using Crm.Entities.Accounts;
using Crm.Entities.Users;
using Crm.Host.Accounts;
using Crm.Wfm;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Demo;

/// <summary>The people of the demo workspace: who tries it and does the work, a manager, and a colleague who does what takes somebody else. Their password is known to everybody, and so they are made in Development alone.</summary>
internal static class DemoUsers
{
    public const string Email = "demo@crm.test";

    public const string Password = "demo-password-1";

    /// <summary>The user whose key the host prints.</summary>
    public static readonly Guid Demo = new("00000000-0000-0000-0000-000000000002");

    private static readonly (Guid Id, string Email, string Name, string[] Roles)[] People =
    [
        (Demo, Email, "Demo", ["admin", "sales-rep", "lead-agent", "support-agent", "hr-partner", "general-manager", "marketer", "product-manager", "engineer", "accounts-clerk"]),
        (new("00000000-0000-0000-0000-000000000003"), "nina@crm.test", "Nina Keller",
            ["sales-manager", "lead-manager", "support-lead", "hr-manager", "marketing-manager", "marketing-director", "head-of-product", "finance-manager"]),
        (new("00000000-0000-0000-0000-000000000004"), "tom@crm.test", "Tom Berger",
            ["sales-rep", "lead-agent", "support-agent", "support-engineer", "team-lead", "it-support", "legal-reviewer", "engineer", "quality-engineer", "cost-centre-manager", "treasurer"]),
    ];

    /// <summary>Makes those that are missing, in the transaction at hand.</summary>
    public static async Task<IReadOnlyList<User>> EnsureAsync(CrmDbContext db, Passwords passwords, DateTimeOffset now, CancellationToken ct)
    {
        var ids = People.Select(p => p.Id).ToList();
        var users = await db.Users.Where(u => ids.Contains(u.Id)).ToListAsync(ct);
        foreach (var (id, email, name, roles) in People.ExceptBy(users.Select(u => u.Id), p => p.Id).ToList())
        {
            var user = new User { WorkspaceId = Workspace.Default, Id = id, AccountId = await AccountAsync(db, passwords, email, now, ct), Email = email, Name = name, Roles = roles, CreatedAt = now };
            db.Users.Add(user);
            users.Add(user);
        }

        await db.SaveChangesAsync(ct);
        return [.. users.OrderBy(u => u.Id)];
    }

    private static async Task<Guid> AccountAsync(CrmDbContext db, Passwords passwords, string email, DateTimeOffset now, CancellationToken ct)
    {
        if ((await db.FindLoginAsync(email, ct)).FirstOrDefault() is { } known) return known.AccountId;
        var account = Guid.CreateVersion7(now);
        await db.CreateAccountAsync(account, email, passwords.Hash(Password), now, ct);
        return account;
    }
}
