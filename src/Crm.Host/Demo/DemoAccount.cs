using Crm.Entities;
using Crm.Entities.Accounts;
using Crm.Host.Accounts;

namespace Crm.Host.Demo;

/// <summary>The account of the demo: known to everybody, and so made in Development alone.</summary>
internal static class DemoAccount
{
    public const string Email = "demo@crm.test";

    public const string Password = "demo-password-1";

    /// <summary>Finds the account, or makes it, in the transaction at hand.</summary>
    public static async Task<Guid> EnsureAsync(CrmDbContext db, Passwords passwords, DateTimeOffset now, CancellationToken ct)
    {
        if ((await db.FindLoginAsync(Email, ct)).FirstOrDefault() is { } known) return known.AccountId;
        var account = Guid.CreateVersion7(now);
        await db.CreateAccountAsync(account, Email, passwords.Hash(Password), now, ct);
        return account;
    }
}
