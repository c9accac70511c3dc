using System.CommandLine;
using Crm.Host.Configuration;

namespace Crm.Host.Commands;

internal static class SettingsCommand
{
    public static Command Create()
    {
        var command = new Command("settings", "Lists every setting with its default and meaning, as a Markdown table.");
        command.SetAction(async (_, _) =>
        {
            foreach (var line in SettingsReference.Lines()) await Console.Out.WriteLineAsync(line);
            return 0;
        });
        return command;
    }
}
