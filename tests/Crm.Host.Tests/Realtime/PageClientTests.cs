using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Crm.Host.Realtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Host.Tests.Realtime;

/// <summary>The client that docs/events.md shows, run with the official package against a host that hangs up every second.</summary>
public sealed partial class PageClientTests(PageClientTests.HangingUp host) : IClassFixture<PageClientTests.HangingUp>
{
    private const string Before = """
        import { HttpTransportType, HubConnectionBuilder } from "@microsoft/signalr";
        const [host, token] = [process.env.URL, process.env.KEY];
        const refetch = subject => console.log(subject);

        """;

    private const string After = """
        hub.onreconnected(() => console.log("again"));
        console.log("listening");
        """;

    /// <summary>A host whose connections last a second.</summary>
    public sealed class HangingUp : CrmHost
    {
        protected override void Configure(WebApplicationBuilder builder) => builder.Services.Configure<RealtimeOptions>(o => o.Lease = TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Client_of_the_page_shows_every_change_once_and_in_order_though_the_host_hangs_up_again_and_again()
    {
        await host.Rep.DealAsync();
        await host.QuietAsync();
        var start = (await host.Admin.GetAsync("/api/v1/events?limit=1")).Items.Single()["sequence"]!.GetValue<string>();
        var folder = Directory.CreateTempSubdirectory("changes");
        await InstallAsync(folder.FullName);
        var said = new ConcurrentQueue<string>();
        using var client = await ListenAsync(folder.FullName, said);
        try
        {
            await UntilAsync(() => said.Contains("listening"));
            await UntilAsync(() => said.Count(s => s == "again") >= 3, () => host.Rep.DealAsync());
            await host.QuietAsync();
            var told = await ToldAsync(long.Parse(start, CultureInfo.InvariantCulture));
            await UntilAsync(() => Shown().Count() >= told.Count);
            Shown().ShouldBe(told);
        }
        finally
        {
            client.Kill();
            await client.WaitForExitAsync();
            folder.Delete(recursive: true);
        }

        // SignalR's own log begins with the time in brackets.
        IEnumerable<string> Shown() => said.Where(s => s.Contains('/', StringComparison.Ordinal) && !s.StartsWith('['));
    }

    private static async Task InstallAsync(string folder)
    {
        foreach (var file in new[] { "package.json", "package-lock.json" })
        {
            File.Copy(Path.Combine(Checkout.Root, "tests", "Crm.Host.Tests", "Realtime", "Npm", file), Path.Combine(folder, file));
        }

        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]) { WorkingDirectory = folder })!;
        await npm.WaitForExitAsync();
        npm.ExitCode.ShouldBe(0);
        var page = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", "events.md"));
        await File.WriteAllTextAsync(Path.Combine(folder, "client.js"), Before + Script().Match(page).Groups[1].Value + After);
    }

    private static async Task UntilAsync(Func<bool> holds, Func<Task>? meanwhile = null)
    {
        var since = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(60));
            await (meanwhile is null ? Task.Delay(20) : meanwhile());
        }
    }

    private async Task<Process> ListenAsync(string folder, ConcurrentQueue<string> said)
    {
        var start = new ProcessStartInfo("node", ["client.js"]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        (start.Environment["URL"], start.Environment["KEY"]) = (host.Admin.Client.BaseAddress!.ToString().TrimEnd('/'), await host.KeyAsync(host.Workspace, "admin"));
        var client = Process.Start(start)!;
        client.OutputDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        client.BeginOutputReadLine();
        return client;
    }

    /// <summary>Reads what the feed tells after a position.</summary>
    private async Task<IReadOnlyList<string>> ToldAsync(long position)
    {
        var told = new List<string>();
        while ((await host.Admin.GetAsync($"/api/v1/events?after={position}&limit=200")).Items is { Count: > 0 } events)
        {
            told.AddRange(events.Select(e => e["subject"]!.GetValue<string>()));
            position += events.Count;
        }

        return told;
    }

    [GeneratedRegex("```js\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Script();
}
