using Crm.Entities;
using Crm.Entities.ApiKeys;
using Crm.Host.Accounts;
using Crm.Host.Configuration;
using Crm.Host.Database;
using Crm.Host.Studio;
using Crm.Wfm;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Crm.Host.Demo;

/// <summary>The workspace a first start has: the sample processes published, and in Development a user with a key to try them.</summary>
internal static class DemoWorkspace
{
    public static async Task PrepareAsync(WebApplication app, CancellationToken ct)
    {
        await CreateWorkspaceAsync(app, ct);
        await PublishSamplesAsync(app, ct);
        if (Options(app).Demo) await FillAsync(app, ct);
    }

    /// <summary>Says where to go and, in Development, with which key.</summary>
    public static async Task GreetAsync(WebApplication app, CancellationToken ct)
    {
        var url = app.Urls.First();
        await Console.Out.WriteLineAsync($"Crm listens on {url} (OpenAPI: {url}/openapi/v1.json)");
        if (app.HasStudio()) await Console.Out.WriteLineAsync($"Studio: {url}{StudioEndpoints.Path}/");
        if (!app.Environment.IsDevelopment()) return;
        var key = await DemoKeyAsync(app.Services, ct);
        await Console.Out.WriteLineAsync($"Demo sign-in: {DemoUsers.Email}, {DemoUsers.Password}");
        await Console.Out.WriteLineAsync($"Demo API key: {key}");
    }

    private static async Task CreateWorkspaceAsync(WebApplication app, CancellationToken ct)
    {
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await using var command = app.Services.GetRequiredService<CrmDatabase>().Source.CreateCommand("select crm.create_workspace($1, 'Demo', $2)");
        command.Parameters.AddWithValue(Workspace.Default);
        command.Parameters.AddWithValue(now);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task PublishSamplesAsync(WebApplication app, CancellationToken ct)
    {
        if (Options(app).Bundles is not { Length: > 0 } bundles) return;
        var folder = Path.Combine(Checkout.Root, bundles);
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            await using var scope = app.Services.CreateAsyncScope();
            var result = await scope.ServiceProvider.GetRequiredService<BundlePublisher>().PublishAsync(await File.ReadAllBytesAsync(file, ct), Actor.System, false, ct);
            if (result is PublishResult.Faulty faulty) throw new InvalidDataException($"{file}: {string.Join("; ", faulty.Faults.Select(f => $"{f.Pointer} {f.Message}"))}");
        }
    }

    private static CrmOptions Options(WebApplication app) => app.Services.GetRequiredService<IOptions<CrmOptions>>().Value;

    private static async Task FillAsync(WebApplication app, CancellationToken ct)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<DemoRecords>(scope.ServiceProvider).MakeAsync(ct);
    }

    // Only a hash of a key is in the database; so that a second start can show the same one, its text lies in the checkout's private folder.
    private static async Task<string> DemoKeyAsync(IServiceProvider services, CancellationToken ct)
    {
        var file = services.GetRequiredService<CrmDatabase>().Folder is { } folder ? Path.Combine(folder, "demo-key") : null;
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CrmDbContext>();
        await using var transaction = await db.Database.BeginWorkspaceAsync(Workspace.Default, ct);
        if (file is not null && File.Exists(file) && ApiKeyText.Parse(await File.ReadAllTextAsync(file, ct)) is { } known && await db.ApiKeys.AnyAsync(k => k.Id == known.Id, ct))
        {
            return known.ToString();
        }

        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await DemoUsers.EnsureAsync(db, services.GetRequiredService<Passwords>(), now, ct);
        var key = ApiKeyText.Create(now);
        db.ApiKeys.Add(key.ToRow(Workspace.Default, DemoUsers.Demo, "Demo", ApiKeyScopes.All, DemoUsers.Demo, now));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        if (file is not null) await PrivateFile.WriteAsync(file, key.ToString(), ct);
        return key.ToString();
    }
}
