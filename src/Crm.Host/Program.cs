using System.CommandLine;
using Crm.Host.Commands;

// One program, several verbs. Without one it serves.
var root = new RootCommand("Crm: processes as data, one gate for every move.")
{
    BundleCommand.Create(),
    MigrateCommand.Create(),
    ReplayCommand.Create(),
};
ServeCommand.MakeDefault(root, args);
return await root.Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
