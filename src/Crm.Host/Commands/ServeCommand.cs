using System.CommandLine;
using Crm.Entities.Migrations;
using Crm.Host.Demo;

namespace Crm.Host.Commands;

internal static class ServeCommand
{
    /// <summary>Serves when no verb is named. Arguments it does not know are configuration: <c>--urls</c>, <c>--ConnectionStrings:Crm</c>.</summary>
    public static void MakeDefault(RootCommand root, string[] args)
    {
        root.TreatUnmatchedTokensAsErrors = false;
        root.SetAction((_, ct) => ServeAsync(args, ct));
    }

    private static async Task<int> ServeAsync(string[] args, CancellationToken ct)
    {
        await using var database = await HostConfiguration.OpenDatabaseAsync(ct, args);
        await using var app = CrmApplication.Build(args, database);
        if (app.Environment.IsDevelopment()) await CrmMigration.MigrateAsync(database.Owner, database.Application, ct);
        await DemoWorkspace.PrepareAsync(app, ct);
        await app.StartAsync(ct);
        await DemoWorkspace.GreetAsync(app, ct);
        await app.WaitForShutdownAsync(ct);
        return 0;
    }
}
