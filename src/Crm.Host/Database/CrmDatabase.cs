using Crm.Embedded;
using Npgsql;

namespace Crm.Host.Database;

/// <summary>The database this process works on: one the configuration names, or an embedded one that needs nothing installed.</summary>
internal sealed class CrmDatabase : IAsyncDisposable
{
    private const string Name = "crm";
    private readonly EmbeddedPostgres? _embedded;

    private CrmDatabase(string application, string owner, EmbeddedPostgres? embedded)
    {
        // Plans of the few statements a move consists of are kept on the connection.
        Application = new NpgsqlConnectionStringBuilder(application) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2 }.ConnectionString;
        (Owner, _embedded) = (owner, embedded);
        Source = NpgsqlDataSource.Create(Application);
    }

    /// <summary>Gets the connection string of the application's login.</summary>
    public string Application { get; }

    /// <summary>Gets the connection string of the login that migrates.</summary>
    public string Owner { get; }

    /// <summary>Gets a pool for the few look-ups outside of the context.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>Gets the private folder of this checkout's development database; <c>null</c> for a configured one.</summary>
    public string? Folder => _embedded?.Folder;

    public static async Task<CrmDatabase> OpenAsync(IConfiguration configuration, string checkout, Action<string> report, CancellationToken ct)
    {
        if (configuration.GetConnectionString("Crm") is { Length: > 0 } application)
        {
            return new(application, configuration.GetConnectionString("CrmOwner") is { Length: > 0 } owner ? owner : application, null);
        }

        var embedded = await EmbeddedPostgres.StartAsync(new() { Name = "dev", Root = checkout, Report = report }, ct);
        try
        {
            return new(await DevelopmentLogin.EnsureAsync(embedded, Name, ct), embedded.ConnectionString(Name), embedded);
        }
        catch
        {
            await embedded.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_embedded is null) return;
        NpgsqlConnection.ClearAllPools();
        await _embedded.DisposeAsync();
    }
}
