using System.Text.Json;
using Crm.Wfm;
using Crm.Wfm.Flows;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Flows.Tests.App;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

// Another host for the tests, to be killed or stopped: takes its options as JSON, and runs what is due each time it is told the time.
var options = JsonSerializer.Deserialize<HostOptions>(args[0])!;
var clock = new ToldClock();
var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(clock).AddSingleton(new Outside(options.Outside)).AddSingleton(new Mortality(IsMortal: true));
services.AddDbContext<NoteContext>(o => o.UseNpgsql(options.Connection));
services.AddWfm<NoteContext>(wfm => wfm.AddFlows(o =>
{
    (o.Lease, o.Timeout, o.Crashes, o.BatchSize) = (options.Lease, options.Timeout, options.Crashes, options.Batch);
    (o.RetryAfter, o.Jitter) = (TimeSpan.FromSeconds(1), 0);
}).AddFlowActivity<Note>().AddFlowActivity<Call>().AddFlowActivity<Kill>());
await using var host = services.BuildServiceProvider(validateScopes: true);
var runner = host.GetRequiredService<FlowRunner>();

// A connection and a model of its own cost no trips that are counted.
await using (var scope = host.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<NoteContext>().Set<NoteRow>().CountAsync();
Console.WriteLine("ready");
while (await Console.In.ReadLineAsync() is { } time)
{
    clock.Now = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
    try
    {
        while (await runner.RunOnceAsync(default) > 0)
        {
        }

        Console.WriteLine("ran");
    }
    catch (Exception e)
    {
        Console.WriteLine($"failed {e.Message.ReplaceLineEndings(" ")}");
    }
}
