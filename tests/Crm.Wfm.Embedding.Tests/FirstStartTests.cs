using Crm.Embedded;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop;
using Shop.Orders;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>What happens when an application meets a database for the first time.</summary>
public sealed class FirstStartTests : IAsyncLifetime
{
    private readonly EmptyDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task One_superuser_connection_is_enough_in_Development_and_warned_of()
    {
        var log = new EventLog();
        await using var app = Build("Development", log, _database.Owner);
        await app.MigrateShopAsync();
        log.Warnings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            w => w.Id.Id.ShouldBe(1001),
            w => w.Message.ShouldContain("is a superuser, whom row level security does not bind"));
    }

    [Fact]
    public async Task One_superuser_connection_does_not_start_in_Production()
    {
        await using var app = Build("Production", new(), _database.Owner);
        (await Should.ThrowAsync<WfmLoginException>(() => app.MigrateShopAsync())).Message.ShouldContain("Use a login of its own");
    }

    [Fact]
    public async Task A_login_of_its_own_and_an_owner_who_migrates_start_everywhere_without_a_word()
    {
        var log = new EventLog();
        await using (var app = Build("Production", log, _database.Application, _database.Owner)) await app.MigrateShopAsync();
        await using (var again = Build("Development", log, _database.Application, _database.Owner)) await again.MigrateShopAsync();
        log.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_owner_who_is_no_superuser_migrates_as_well()
    {
        await using (var postgres = new NpgsqlConnection(_database.Owner))
        {
            await postgres.OpenAsync();
            await using var command = new NpgsqlCommand("""
                create role modest_owner login createrole password 'modest';
                do $$ begin execute format('alter database %I owner to modest_owner', current_database()); end $$;
                do $$ begin
                  create role wfm_owner nologin; create role wfm_app nologin;
                exception when duplicate_object then null; end $$;
                grant wfm_owner, wfm_app to modest_owner with admin option
                """, postgres);
            await command.ExecuteNonQueryAsync();
        }

        var owner = new NpgsqlConnectionStringBuilder(_database.Owner) { Username = "modest_owner", Password = "modest", Pooling = false }.ConnectionString;
        await using var app = Build("Production", new(), _database.Application, owner);
        await app.MigrateShopAsync();
    }

    [Fact]
    public async Task Two_hosts_that_start_at_once_do_not_get_in_each_others_way()
    {
        await using var first = Build("Production", new(), _database.Application, _database.Owner);
        await using var second = Build("Production", new(), _database.Application, _database.Owner);
        await Task.WhenAll(Task.Run(() => first.MigrateShopAsync()), Task.Run(() => second.MigrateShopAsync()));
    }

    [Fact]
    public async Task Databases_of_a_fresh_cluster_are_migrated_at_once_each_by_three_hosts()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(new() { ThrowAway = true, BinariesFolder = Environment.GetEnvironmentVariable("CRM_TEST_POSTGRES") });
        var databases = Enumerable.Range(1, 4).Select(n => $"shop{n}").ToList();
        await using (var connection = new NpgsqlConnection(postgres.ConnectionString()))
        {
            await connection.OpenAsync();
            foreach (var sql in databases.Select(d => $"create database {d}").Append("create role shop_login login"))
            {
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync();
            }
        }

        await Task.WhenAll(databases.Concat(databases).Concat(databases).Select(database => Task.Run(() => WfmMigration.MigrateAsync(postgres.ConnectionString(database), "Username=shop_login", default))));
        NpgsqlConnection.ClearAllPools();
    }

    [Fact]
    public async Task A_bundle_that_relies_on_facts_the_host_lacks_is_not_published()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Production" });
        builder.Services.AddDbContext<ShopContext>(o => o.UseNpgsql(_database.Application));
        builder.Services.AddWfm<ShopContext>(wfm => wfm
            .Govern<Order>("order", o => o.Id, o => new { o.Total })
            .AddPostAction<PrintLabel>("printLabel")
            .LoadBundles("processes"));
        builder.Services.Configure<WfmOptions>(o => o.OwnerConnection = _database.Owner);
        using var host = builder.Build();
        var message = (await Should.ThrowAsync<InvalidOperationException>(() => host.MigrateWfmAsync())).Message;
        message.ShouldSatisfyAllConditions(
            m => m.ShouldContain("order.json is not published"),
            m => m.ShouldContain("/subjects/order/schema/properties/customer The host has no fact customer of order. It has: total."),
            m => m.ShouldContain("/postActions/0/target The host lets no move set lostReason of order."));
    }

    [Fact]
    public async Task A_bundle_whose_tests_fail_stops_the_start_unless_the_program_says_why_not()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var failing = (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "processes", "order.json")))
                .Replace("\"tests\": {", "\"tests\": {\"stays-new\": {\"workflow\": \"fulfilment\", \"given\": {}, \"steps\": [{\"expect\": {\"step\": \"paid\"}}]},", StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "order.json"), failing);

            using (var host = Host(null)) (await Should.ThrowAsync<InvalidOperationException>(() => host.MigrateWfmAsync())).Message.ShouldContain("/tests/stays-new/steps/0/expect/step");
            using (var host = Host("Its test comes later.")) await host.MigrateWfmAsync();
            // What is published is: the next start asks for nothing.
            using (var host = Host(null)) await host.MigrateWfmAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        IHost Host(string? despite)
        {
            var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Production" });
            builder.Services.AddDbContext<ShopContext>(o => o.UseNpgsql(_database.Application));
            builder.Services.AddWfm<ShopContext>(wfm => wfm.AddPostAction<PrintLabel>("printLabel").LoadBundles(folder.FullName, despite));
            builder.Services.Configure<WfmOptions>(o => o.OwnerConnection = _database.Owner);
            return builder.Build();
        }
    }

    private static WebApplication Build(string environment, EventLog log, string application, string? owner = null)
    {
        var app = ShopWeb.Build([$"--environment={environment}", "--Logging:LogLevel:Default=Warning", $"--ConnectionStrings:Shop={application}", .. owner is null ? Array.Empty<string>() : [$"--ConnectionStrings:ShopOwner={owner}"]]);
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        return app;
    }

    private sealed class EventLog : ILoggerProvider, ILogger
    {
        public List<(EventId Id, string Message)> Warnings { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Warnings) Warnings.Add((eventId, formatter(state, exception)));
        }

        public void Dispose()
        {
        }
    }
}
