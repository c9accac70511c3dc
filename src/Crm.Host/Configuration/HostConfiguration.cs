using Crm.Host.Database;

namespace Crm.Host.Configuration;

/// <summary>The configuration as the web application has it, for verbs that start none.</summary>
internal static class HostConfiguration
{
    public static IConfiguration Read(string[] settings) => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddJsonFile($"appsettings.{Environment(settings)}.json", optional: true)
        .AddEnvironmentVariables()
        .AddCommandLine(settings)
        .Build();

    /// <summary>The environment that was named; else Development in a checkout, Production everywhere else.</summary>
    public static string Environment(string[] settings) => new ConfigurationBuilder()
        .AddEnvironmentVariables("DOTNET_")
        .AddEnvironmentVariables("ASPNETCORE_")
        .AddCommandLine(settings)
        .Build()["environment"] ?? (Checkout.IsOne ? Environments.Development : Environments.Production);

    /// <summary>Opens the database; what happens on the way is told on standard error, so that standard output stays the command's own.</summary>
    public static Task<CrmDatabase> OpenDatabaseAsync(string[] settings, CancellationToken ct) =>
        CrmDatabase.OpenAsync(Read(settings), Checkout.Root, Console.Error.WriteLine, ct);
}
