using Microsoft.EntityFrameworkCore;

namespace Crm.Entities.Workspaces;

/// <summary>The current workspace.</summary>
/// <param name="Id">The workspace.</param>
/// <param name="Name">Its name.</param>
/// <param name="TimeZone">IANA time zone: where its days begin.</param>
/// <param name="Currency">ISO 4217 code of amounts that name none.</param>
/// <param name="Locale">BCP 47 tag of how it writes.</param>
/// <param name="Version">Raised by one at every change.</param>
public sealed record WorkspaceSettings(Guid Id, string Name, string TimeZone, string Currency, string Locale, int Version);

/// <summary>What to change of the current workspace; <c>null</c> keeps.</summary>
public sealed record WorkspaceChange(string? Name, string? TimeZone, string? Currency, string? Locale, int Version);

/// <summary>The doors to the current workspace's own row, which no workspace's rows are beside: functions of the database.</summary>
public static class WorkspaceFunctions
{
    /// <summary>Shows the current workspace.</summary>
    public static Task<WorkspaceSettings> WorkspaceAsync(this CrmDbContext db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Database.SqlQuery<WorkspaceSettings>($"""
            select id as "Id", name as "Name", time_zone as "TimeZone", currency as "Currency", locale as "Locale", version as "Version" from crm.current_workspace()
            """).SingleAsync(ct);
    }

    /// <summary>Changes the current workspace; <c>null</c> when it is at another version.</summary>
    public static Task<WorkspaceSettings?> ChangeWorkspaceAsync(this CrmDbContext db, WorkspaceChange change, Guid by, DateTimeOffset at, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(change);
        return db.Database.SqlQuery<WorkspaceSettings>($"""
            select id as "Id", name as "Name", time_zone as "TimeZone", currency as "Currency", locale as "Locale", version as "Version"
            from crm.change_workspace({change.Name}, {change.TimeZone}, {change.Currency}, {change.Locale}, {change.Version}, {by}, {at.ToUniversalTime()})
            """).SingleOrDefaultAsync(ct);
    }
}
