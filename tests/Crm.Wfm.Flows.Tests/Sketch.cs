using System.Text.Json.Nodes;
using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Tests;

/// <summary>An activity failed.</summary>
internal sealed class SketchFailure(string activity, string message) : Exception(message)
{
    public string Activity => activity;
}

/// <summary>Runs flows in memory, by the package's own activities.</summary>
internal static class Sketch
{
    public const string Type = "ticket.opened";

    private static readonly ServiceProvider Services = BuiltIn();

    public static ActivityCatalog Catalog { get; } = new([]);

    public static WfmEvent Event { get; } = new()
    {
        Id = new("00000000-0000-0000-0000-0000000000e1"),
        Workspace = Workspace.Default,
        Type = Type,
        Subject = "ticket/7",
        Time = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero),
        Actor = new("00000000-0000-0000-0000-0000000000aa"),
        Correlation = new("00000000-0000-0000-0000-0000000000c1"),
        Data = Value.Parse("""{"name": "Bob & Sons", "seats": 40, "price": 2.5, "tags": ["a", "b"], "open": true, "gone": null, "owner": {"id": "ann"}}"""),
    };

    /// <summary>What is wrong with a flow, as <c>pointer key</c>.</summary>
    public static IReadOnlyList<string> Faults(JsonObject flow, params string[] types)
    {
        var faults = new List<Fault>();
        if (FlowCompiler.Compile(flow.Value(), Catalog, _ => false, faults) is { } compiled) EventTriggers.Find(compiled, types is [] ? [Type] : types, faults);
        return [.. faults.Select(f => $"{f.Pointer} {f.Key}")];
    }

    /// <summary>Runs a flow and lists what ran.</summary>
    public static async Task<IReadOnlyList<JournalEntry>> RunAsync(JsonObject flow, string type = Type, int maxSteps = 100)
    {
        var faults = new List<Fault>();
        var compiled = FlowCompiler.Compile(flow.Value(), Catalog, _ => false, faults);
        var triggers = compiled is null ? [] : EventTriggers.Find(compiled, [type], faults);
        faults.Where(f => f.Key is not ("unknown-reference" or "no-trigger")).ShouldBeEmpty();
        var run = new RunState { Id = Guid.Empty, Workspace = Workspace.Default, Event = Event with { Type = type }, Cause = new(Event.Id, Event.Correlation, 0), Trigger = triggers.GetValueOrDefault(type) };
        var burst = new Burst(run, new()
        {
            Services = Services, Now = Event.Time, Time = TimeProvider.System, Param = Value.Parse("""{"limit": 3}"""), MaxSteps = maxSteps, FindFlow = (_, _) => ValueTask.FromResult<Flow?>(null),
        });
        burst.Begin(compiled!);
        await burst.ContinueAsync(default);
        if (run.Incidents is [var incident, ..]) throw new SketchFailure(incident.NodeId.Split(':')[^1], incident.Message);
        return [.. run.Journal.Where(e => e.Type is not ("Elsa.Workflow" or "Elsa.Flowchart"))];
    }

    /// <summary>Runs a flow and lists the ids of what ran.</summary>
    public static async Task<string> OrderAsync(JsonObject flow, string type = Type) => string.Join(' ', (await RunAsync(flow, type)).Select(e => e.Activity.Split(':')[^1]));

    /// <summary>Computes an expression as the text of a line.</summary>
    public static async Task<string> LineAsync(JsonNode text, Action<JsonObject>? change = null)
    {
        var flow = Chart.Line(Type, Chart.WriteLine("line", text));
        change?.Invoke(flow);
        return (await RunAsync(flow))[1].Inputs["text"].ToString();
    }

    private static ServiceProvider BuiltIn()
    {
        var services = new ServiceCollection();
        foreach (var activity in ActivityCatalog.BuiltIn.Where(a => a.IsAssignableTo(typeof(IFlowActivity)))) services.AddTransient(activity);
        return services.BuildServiceProvider();
    }
}
