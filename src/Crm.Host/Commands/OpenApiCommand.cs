using System.CommandLine;
using Crm.Host.Database;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OpenApi;

namespace Crm.Host.Commands;

/// <summary>Writes what <c>/openapi/v1.json</c> serves, without a database or a port.</summary>
internal static class OpenApiCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo?>("--output") { Description = "The file to write, left alone when it says the same already; standard output without it.", HelpName = "FILE" };
        var command = new Verb("openapi", "Writes the description of the API, an OpenAPI document.", "crm openapi --output crm.json  # for programs that make a client of it") { output };
        command.SetAction((parse, ct) => RunAsync(parse.GetValue(output), ct));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo? output, CancellationToken ct)
    {
        var text = await DescribeAsync(ct);
        if (output is null)
        {
            await Console.Out.WriteLineAsync(text);
        }
        else if (!output.Exists || await File.ReadAllTextAsync(output.FullName, ct) != text)
        {
            output.Directory!.Create();
            await File.WriteAllTextAsync(output.FullName, text, ct);
        }

        return 0;
    }

    private static async Task<string> DescribeAsync(CancellationToken ct)
    {
        // Named and never opened: the description is that of the routes.
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Crm", "Host=localhost")]).Build();
        await using var database = await CrmDatabase.OpenAsync(configuration, "", _ => { }, ct);
        await using var app = CrmApplication.Build([], database, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.RemoveAll<IHostedService>();
            builder.Services.AddSingleton<IServer, NoServer>();
        });
        await app.StartAsync(ct); // routes are known from here on
        var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync(ct);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, ct);
    }

    private sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
