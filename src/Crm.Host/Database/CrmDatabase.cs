using Crm.Embedded;
using Crm.Host.Commands;
using Crm.Host.Configuration;
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
        var connection = new NpgsqlConnectionStringBuilder(application) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2 };
        // What is looked at is in memory. Told that looking up rows is four times as dear as reading on, PostgreSQL reads all organizations to name those of one page.
        connection.Options ??= "-c random_page_cost=2";
        Application = connection.ConnectionString;
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

    /// <summary>Gets whether it is this checkout's own: nobody else migrates that one.</summary>
    public bool IsEmbedded => _embedded is not null;

    /// <exception cref="CannotStartException">No database is named, and no embedded one is asked for.</exception>
    public static async Task<CrmDatabase> OpenAsync(IConfiguration configuration, string checkout, Action<string> report, CancellationToken ct)
    {
        if (configuration.GetConnectionString("Crm") is { Length: > 0 } application)
        {
            return new(application, configuration.GetConnectionString("CrmOwner") is { Length: > 0 } owner ? owner : application, null);
        }

        // Data in a hidden folder of one machine is what a developer wants and nobody else: so it has to be asked for.
        if (!(configuration.GetSection("Crm").Get<CrmOptions>() ?? new()).Embedded)
        {
            throw new CannotStartException("""
                There is no database to work on. Set ConnectionStrings:Crm to the application's login on PostgreSQL 15 or later
                (and ConnectionStrings:CrmOwner to the login that migrates), for instance
                  --ConnectionStrings:Crm "Host=localhost;Database=crm;Username=crm_login;Password=…"
                or start with --embedded, or in the environment Development, to have an embedded PostgreSQL.
                """);
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
