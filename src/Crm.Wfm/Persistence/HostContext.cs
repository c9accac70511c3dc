using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Wfm.Persistence;

/// <summary>The host's own context, in which records and moves commit together.</summary>
internal sealed class HostContext(DbContext context, CurrentWorkspace workspace)
{
    public DbContext Db => context;

    public Guid Workspace => workspace.Id;

    public NpgsqlConnection Connection => (NpgsqlConnection)context.Database.GetDbConnection();
}
