using Microsoft.EntityFrameworkCore;

namespace Crm.Entities.Accounts;

/// <summary>An account as sign-in sees it, with one of its memberships; without a workspace where it has none.</summary>
public sealed record Login(Guid AccountId, string PasswordHash, Guid? WorkspaceId, string? Workspace, Guid? UserId);

/// <summary>The account behind a user.</summary>
public sealed record Account(Guid AccountId, string Email, string PasswordHash);

/// <summary>The doors to accounts, which belong to no workspace: functions of the database.</summary>
public static class AccountFunctions
{
    /// <summary>Finds an account by its address, whatever the case, with its memberships that may come in; nothing for an address nobody has.</summary>
    public static Task<List<Login>> FindLoginAsync(this CrmDbContext db, string email, CancellationToken ct) => Checked(db).Database
        .SqlQuery<Login>($"""select account_id as "AccountId", password_hash as "PasswordHash", workspace_id as "WorkspaceId", workspace as "Workspace", user_id as "UserId" from crm.find_login({email})""")
        .ToListAsync(ct);

    /// <summary>Finds the account of a user of the current workspace; <c>null</c> for one without.</summary>
    public static Task<Account?> FindAccountAsync(this CrmDbContext db, Guid user, CancellationToken ct) => Checked(db).Database
        .SqlQuery<Account>($"""select account_id as "AccountId", email as "Email", password_hash as "PasswordHash" from crm.account_of({user})""")
        .SingleOrDefaultAsync(ct);

    /// <summary>Makes an account; <c>false</c> when the address has one.</summary>
    public static Task<bool> CreateAccountAsync(this CrmDbContext db, Guid id, string email, string passwordHash, DateTimeOffset at, CancellationToken ct) =>
        AskAsync(db, $"""select crm.create_account({id}, {email}, {passwordHash}, {at.ToUniversalTime()}) as "Value" """, ct);

    /// <summary>Tells whether the password is still the one that was looked at, and holds it until the transaction ends.</summary>
    public static Task<bool> HoldPasswordAsync(this CrmDbContext db, Guid account, string passwordHash, CancellationToken ct) =>
        AskAsync(db, $"""select crm.hold_password({account}, {passwordHash}) as "Value" """, ct);

    /// <summary>Changes the password of a user's account and ends its sessions but one; <c>false</c> when it was changed meanwhile.</summary>
    public static Task<bool> ChangePasswordAsync(
        this CrmDbContext db, Guid user, string oldHash, string newHash, Guid? keepSession, DateTimeOffset at, CancellationToken ct) =>
        AskAsync(db, $"""select crm.change_password({user}, {oldHash}, {newHash}, {keepSession}, {at.ToUniversalTime()}) as "Value" """, ct);

    /// <summary>Gives a user's account another password and ends its sessions; <c>false</c> when there is no account, or it is a member of other workspaces too.</summary>
    public static Task<bool> ResetPasswordAsync(this CrmDbContext db, Guid user, string newHash, DateTimeOffset at, CancellationToken ct) =>
        AskAsync(db, $"""select crm.reset_password({user}, {newHash}, {at.ToUniversalTime()}) as "Value" """, ct);

    private static Task<bool> AskAsync(CrmDbContext db, FormattableString sql, CancellationToken ct) => Checked(db).Database.SqlQuery<bool>(sql).SingleAsync(ct);

    private static CrmDbContext Checked(CrmDbContext db)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db;
    }
}
