using System.Collections.Concurrent;
using Crm.Embedded;
using Npgsql;
using Xunit;

namespace Crm.Testing;

/// <summary>A fresh database for one test class, cloned from a template that was migrated once. Use as a class fixture of a class that says how to migrate.</summary>
public abstract class TestDatabase : IAsyncLifetime
{
    private static readonly ConcurrentDictionary<Type, Lazy<Task<string>>> Templates = [];
    private static readonly SemaphoreSlim Cloning = new(1);
    private static int _count;
    private string _name = "";

    /// <summary>The connection string of the login that owns everything.</summary>
    public string Owner { get; private set; } = "";

    /// <summary>The connection string of the application's login.</summary>
    public string Application { get; private set; } = "";

    /// <summary>The server it lies on: that of the test process, unless a test has one of its own.</summary>
    protected virtual Task<EmbeddedPostgres> ClusterAsync() => TestCluster.PostgresAsync();

    /// <summary>Migrates the template, with the owner's and the application's connection strings.</summary>
    protected abstract Task MigrateAsync(string owner, string application);

    public virtual async Task InitializeAsync()
    {
        var postgres = await ClusterAsync();
        var template = await Templates.GetOrAdd(GetType(), type => new(() => CreateTemplateAsync("template_" + type.Name.ToLowerInvariant()))).Value;
        _name = $"test_{Interlocked.Increment(ref _count)}";
        // Two clones of one template at once get in each other's way.
        await Cloning.WaitAsync();
        try
        {
            await TestCluster.ExecuteAsync(postgres.ConnectionString(), $"create database {_name} template {template}");
        }
        finally
        {
            Cloning.Release();
        }

        Owner = postgres.ConnectionString(_name);
        Application = ForApplication(Owner);
    }

    public virtual async Task DisposeAsync()
    {
        await using (var owner = new NpgsqlConnection(Owner)) NpgsqlConnection.ClearPool(owner);
        await using (var application = new NpgsqlConnection(Application)) NpgsqlConnection.ClearPool(application);
        var postgres = await ClusterAsync();
        await TestCluster.ExecuteAsync(postgres.ConnectionString(), $"drop database if exists {_name} with (force)");
    }

    private static string ForApplication(string owner) => new NpgsqlConnectionStringBuilder(owner)
    {
        Username = TestCluster.Login,
        Password = TestCluster.Login,
        MaxAutoPrepare = 100,
        AutoPrepareMinUsages = 2,
    }.ConnectionString;

    private async Task<string> CreateTemplateAsync(string name)
    {
        var postgres = await ClusterAsync();
        await TestCluster.ExecuteAsync(postgres.ConnectionString(), $"create database {name}");
        var owner = new NpgsqlConnectionStringBuilder(postgres.ConnectionString(name)) { Pooling = false }.ConnectionString;
        await MigrateAsync(owner, ForApplication(owner));
        return name;
    }
}
