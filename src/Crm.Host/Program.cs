using System.CommandLine;
using System.CommandLine.Invocation;
using Crm.Host.Commands;
using Crm.Host.Configuration;

// One program, several verbs. Without one it serves.
var (settings, words) = Settings.Split(args);
var root = new RootCommand($"Crm: processes as data, one gate for every move. Without a command it serves.\n\n{Settings.Help}")
{
    BundleCommand.Create(),
    FlowsCommand.Create(),
    MigrateCommand.Create(settings),
    OpenApiCommand.Create(),
    ReplayCommand.Create(settings),
    RulesCommand.Create(),
    SettingsCommand.Create(),
    UserCommand.Create(settings),
};
Verb.Teach(root);
root.SetAction((_, ct) => ServeCommand.RunAsync(settings, ct));
try
{
    var parse = root.Parse(words);
    return await parse.InvokeAsync(new()
    {
        EnableDefaultExceptionHandler = false,
        // Longer than PostgreSQL may take to stop.
        ProcessTerminationTimeout = TimeSpan.FromSeconds(90),
        // Whoever reads standard output asked for something else than what is wrong with the command.
        Output = parse.Action is ParseErrorAction ? Console.Error : Console.Out,
    });
}
catch (Exception e) when (Failures.Explain(e) is { } explained)
{
    await Console.Error.WriteLineAsync(explained);
    return 1;
}
