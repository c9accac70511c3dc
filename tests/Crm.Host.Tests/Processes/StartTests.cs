using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Processes;

/// <summary>The first command of the README, on its own embedded database, from a clone whose path has a space.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Second_start_finds_the_same_data_and_prints_the_same_key()
    {
        await using var checkout = new TemporaryCheckout();
        string key, project;
        using (var first = await HostProcess.ServeAsync(checkout.Host))
        {
            (key, project) = (first.Key, await first.Api.DealProjectAsync());
            (await first.Api.GetAsync("/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
            (await first.Api.GetAsync("/api/v1/bundles")).Json.AsArray().Select(b => b!["key"]!.GetValue<string>()).ShouldBe(SampleHost.Bundles.Values.Select(b => b.Key), ignoreOrder: true);
            await using (var postgres = await checkout.DatabaseAsync())
            {
                (await TemporaryCheckout.CountAsync(postgres, "select count(*) from wfm.role")).ShouldBe(SampleHost.Bundles.Values.SelectMany(b => b.Roles.Keys).Distinct().Count());
            }

            (await first.InterruptAsync()).ShouldBe(0);
        }

        using var second = await HostProcess.ServeAsync(checkout.Host);

        second.Key.ShouldBe(key);
        (await second.Api.GetAsync($"/api/v1/projects/{project}")).Status.ShouldBe(HttpStatusCode.OK);
        (await second.InterruptAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Interrupt_stops_the_host_and_its_database()
    {
        await using var checkout = new TemporaryCheckout();
        using var host = await HostProcess.ServeAsync(checkout.Host);
        int port;
        await using (var joined = await checkout.DatabaseAsync()) port = joined.Port;
        await ConnectAsync();

        (await host.InterruptAsync()).ShouldBe(0);

        await Should.ThrowAsync<SocketException>(ConnectAsync);

        async Task ConnectAsync()
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
        }
    }

    [Fact]
    public async Task Ordinary_user_needs_nothing_but_a_home()
    {
        await using var checkout = new TemporaryCheckout();
        var home = await checkout.CreateHomeAsync();
        using (var host = await HostProcess.ServeAsync(checkout.Host, AsOrdinaryUser))
        {
            await host.Api.DealProjectAsync();
            (await host.InterruptAsync()).ShouldBe(0);
        }

        using var again = await HostProcess.ServeAsync(checkout.Host, AsOrdinaryUser);
        (await again.Api.GetAsync("/api/v1/projects")).Items.ShouldHaveSingleItem();
        (await again.InterruptAsync()).ShouldBe(0);

        void AsOrdinaryUser(ProcessStartInfo start)
        {
            if (Environment.IsPrivilegedProcess) start.UserName = "nobody";
            start.WorkingDirectory = home;
            (start.Environment["HOME"], start.Environment["XDG_DATA_HOME"]) = (home, home);
        }
    }
}
