using Crm.Host.Database;

namespace Crm.Host.Commands;

/// <summary>The configuration as the web application has it, for verbs that start none.</summary>
internal static class HostConfiguration
{
    public static string Environment => System.Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environments.Production;

    public static IConfiguration Read(string[] args) => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddJsonFile($"appsettings.{Environment}.json", optional: true)
        .AddEnvironmentVariables()
        .AddCommandLine(args)
        .Build();

    /// <summary>Opens the database; what happens on the way is told on standard error, so that standard output stays the command's own.</summary>
    public static Task<CrmDatabase> OpenDatabaseAsync(CancellationToken ct, params string[] args) =>
        CrmDatabase.OpenAsync(Read(args), Checkout.Root, line => Console.Error.WriteLine(line), ct);
}
