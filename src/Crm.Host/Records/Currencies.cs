using Crm.Entities;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Records;

/// <summary>What currency an amount has that names none: the workspace's.</summary>
internal static class Currencies
{
    public static Task<string> DefaultAsync(CrmDbContext db, CancellationToken ct) => db.Database.SqlQuery<string>($"select crm.default_currency() as \"Value\"").SingleAsync(ct);
}
