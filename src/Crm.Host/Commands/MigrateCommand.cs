using System.CommandLine;
using Crm.Entities.Migrations;
using Crm.Host.Configuration;

namespace Crm.Host.Commands;

internal static class MigrateCommand
{
    public static Command Create(string[] settings)
    {
        var command = new Command("migrate", "Brings the database up to date, with the login of ConnectionStrings:CrmOwner.");
        command.SetAction(async (_, ct) =>
        {
            await using var database = await HostConfiguration.OpenDatabaseAsync(settings, ct);
            await CrmMigration.MigrateAsync(database.Owner, database.Application, ct);
            await Console.Out.WriteLineAsync("The database is up to date.");
            return 0;
        });
        return command;
    }
}
