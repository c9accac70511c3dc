using System.CommandLine;
using Crm.Host.Commands;
using Crm.Host.Configuration;

// One program, several verbs. Without one it serves.
var (settings, words) = Settings.Split(args);
var root = new RootCommand($"Crm: processes as data, one gate for every move. Without a command it serves.\n\n{Settings.Help}")
{
    BundleCommand.Create(),
    MigrateCommand.Create(settings),
    ReplayCommand.Create(settings),
    RulesCommand.Create(),
    SettingsCommand.Create(),
    UserCommand.Create(settings),
};
root.SetAction((_, ct) => ServeCommand.RunAsync(settings, ct));
try
{
    // Longer than PostgreSQL may take to stop.
    return await root.Parse(words).InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(90) });
}
catch (Exception e) when (Failures.Explain(e) is { } explained)
{
    await Console.Error.WriteLineAsync(explained);
    return 1;
}
