using Crm.Entities.Migrations;
using Crm.Host.Configuration;
using Crm.Host.Demo;
using Crm.Wfm.Persistence;

namespace Crm.Host.Commands;

/// <summary>What the program does when no verb is named.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string[] settings, CancellationToken ct)
    {
        await using var database = await HostConfiguration.OpenDatabaseAsync(settings, ct);
        await using var app = CrmApplication.Build(settings, database);
        if (app.Environment.IsDevelopment() || database.IsEmbedded) await CrmMigration.MigrateAsync(database.Owner, database.Application, ct);
        await app.CheckWfmLoginAsync(ct);
        await DemoWorkspace.PrepareAsync(app, ct);
        await app.StartAsync(ct);
        await DemoWorkspace.GreetAsync(app, ct);
        await app.WaitForShutdownAsync(ct);
        return 0;
    }
}
