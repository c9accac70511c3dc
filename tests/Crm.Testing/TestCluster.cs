using Crm.Embedded;
using Npgsql;

namespace Crm.Testing;

/// <summary>
/// The throw-away PostgreSQL of this test process. The variable CRM_TEST_POSTGRES names another binaries folder, to try other versions.
/// </summary>
public static class TestCluster
{
    /// <summary>The application's login: no superuser, owner of nothing, so that tests live under the same row level security as production.</summary>
    public const string Login = "test_login";

    private static readonly Lazy<Task<EmbeddedPostgres>> Started = new(() => StartAsync(new Dictionary<string, string>()));

    public static Task<EmbeddedPostgres> PostgresAsync() => Started.Value;

    /// <summary>Starts a throw-away of a test's own, which it disposes of.</summary>
    public static async Task<EmbeddedPostgres> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var postgres = await EmbeddedPostgres.StartAsync(new() { ThrowAway = true, Settings = settings, BinariesFolder = Environment.GetEnvironmentVariable("CRM_TEST_POSTGRES") });
        AppDomain.CurrentDomain.ProcessExit += (_, _) => postgres.DisposeAsync().AsTask().GetAwaiter().GetResult();
        await ExecuteAsync(postgres.ConnectionString(), $"create role {Login} login password '{Login}'");
        return postgres;
    }

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
