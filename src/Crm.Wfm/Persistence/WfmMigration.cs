using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence.Migrations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Crm.Wfm.Persistence;

/// <summary>Brings schema <c>wfm</c> up to date.</summary>
public static partial class WfmMigration
{
    /// <summary>Makes roles and tables, checks the application's login, then publishes the bundles of <c>LoadBundles</c>. Locked and rerunnable: any number of hosts may call it at once.</summary>
    /// <exception cref="WfmLoginException">In Production, the application's login could pass by row level security or the move functions.</exception>
    /// <exception cref="InvalidOperationException">A bundle to load has faults.</exception>
    public static async Task MigrateWfmAsync(this IHost host, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        await using var scope = host.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var context = services.GetRequiredService<HostContext>();
        var application = context.Db.Database.GetConnectionString() ?? throw new InvalidOperationException("The context has no connection string.");
        await MigrateAsync(services.GetRequiredService<IOptions<WfmOptions>>().Value.OwnerConnection ?? application, application, ct);
        await host.CheckWfmLoginAsync(ct);
        await LoadBundlesAsync(services, ct);
    }

    /// <summary>Makes roles and tables.</summary>
    /// <param name="ownerConnection">Login that may create roles and schemas.</param>
    /// <param name="applicationConnection">Login of the application; it is granted <c>wfm_app</c>.</param>
    /// <param name="ct">Cancels between statements.</param>
    public static async Task MigrateAsync(string ownerConnection, string applicationConnection, CancellationToken ct)
    {
        await SchemaRoles.EnsureAsync(ownerConnection, applicationConnection, WfmModel.Schema, ct);
        await using var context = WfmMigrationContext.On(ownerConnection);
        await context.MigrateSchemaAsync(WfmModel.Schema, ct);
    }

    /// <summary>Checks the application's login: a superuser passes by even forced row level security, and who may act as the owner may write a step by hand. Outside of Production it only warns.</summary>
    /// <exception cref="WfmLoginException">In Production, the login is such a one; or it may use nothing yet.</exception>
    public static async Task CheckWfmLoginAsync(this IHost host, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        await using var scope = host.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var context = services.GetRequiredService<HostContext>();
        await context.Db.Database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand("""
            select rolsuper, rolbypassrls,
                   exists (select from pg_roles o where o.rolname = 'wfm_owner' and pg_has_role(r.oid, o.oid, 'member')),
                   exists (select from pg_roles a where a.rolname = 'wfm_app' and pg_has_role(r.oid, a.oid, 'member')),
                   rolname::text
            from pg_roles r where rolname = current_user
            """, context.Connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        string? wrong = (reader.GetBoolean(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3)) switch
        {
            (true, _, _, _) => "is a superuser, whom row level security does not bind",
            (_, true, _, _) => "has BYPASSRLS",
            (_, _, true, _) => "is a member of wfm_owner and could write steps and history by hand",
            (_, _, _, false) => "is no member of wfm_app and may read nothing: run the migration with the owner's connection",
            _ => null,
        };
        if (wrong is null) return;
        if (services.GetRequiredService<IHostEnvironment>().IsProduction())
        {
            throw new WfmLoginException($"The application's login {reader.GetString(4)} {wrong}. Use a login of its own that is granted wfm_app alone.");
        }

        LogLogin(services.GetRequiredService<ILoggerFactory>().CreateLogger("Crm.Wfm"), reader.GetString(4), wrong);
    }

    private static async Task LoadBundlesAsync(IServiceProvider services, CancellationToken ct)
    {
        var root = services.GetRequiredService<IHostEnvironment>().ContentRootPath;
        foreach (var (folder, despite) in services.GetRequiredService<WfmBuilder>().BundleFolders)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder), "*.json").Order(StringComparer.Ordinal))
            {
                await using var scope = services.CreateAsyncScope();
                var result = await scope.ServiceProvider.GetRequiredService<BundlePublisher>().PublishAsync(await File.ReadAllBytesAsync(file, ct), Actor.System, false, despite, ct);
                if (result is PublishResult.Faulty faulty)
                {
                    throw new InvalidOperationException($"{file} is not published: {string.Join("; ", faulty.Faults.Select(f => $"{f.Pointer} {f.Message}"))}");
                }
            }
        }
    }

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "The application's login {Login} {Wrong}. Production would not start.")]
    private static partial void LogLogin(ILogger logger, string login, string wrong);
}

/// <summary>The application's login may do more than the application should, or nothing at all.</summary>
/// <param name="message">What is wrong with it.</param>
public sealed class WfmLoginException(string message) : Exception(message);
