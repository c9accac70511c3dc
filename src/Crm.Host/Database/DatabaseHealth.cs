using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Crm.Host.Database;

/// <summary>Ready means: the application's login reaches the database and finds it migrated.</summary>
internal sealed class DatabaseHealth(CrmDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.Source.CreateCommand("select wfm.workspace()");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Npgsql.NpgsqlException e)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", e);
        }
    }
}
