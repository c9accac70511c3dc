using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Benchmarks.Rules;

/// <summary>
/// Question: what does the smallest fix add to a refusal, and to a list of eight blocked transitions? Baseline: the same refusal with its reasons and traces alone. A hostile
/// guard shows what the fuel is worth.
/// </summary>
internal static class FixBenchmark
{
    private static readonly Actor Somebody = new(Guid.Empty);

    private static readonly string[] Ordinary =
    [
        """{">":[{"var":"entity.amount"},0]}""", """{"<=":[{"var":"entity.discount"},0.15]}""", """{"!!":{"var":"entity.title"}}""", """{"in":[{"var":"entity.size"},["small","large"]]}""",
        """{"and":[{"!!":{"var":"entity.due"}},{">":[{"var":"entity.end"},{"var":"entity.due"}]}]}""",
    ];

    public static Task RunAsync(string[] args)
    {
        var any = string.Join(',', Enumerable.Range(0, 300).Select(i => $$$"""{"==":[{"+":[{"var":"entity.amount"},{"var":"entity.cost"},{"var":"entity.rate"}]},{{{i}}}.5]}"""));
        var (ordinary, hostile) = (Flow(Ordinary), Flow([$$"""{"and":[{"or":[{{any}}]},{"==":[{"%":[{"var":"entity.amount"},{"var":"entity.cost"}]},-3]}]}"""]));
        return new Rounds("ms", 20).RunAsync(
            Of("a refusal, five guards unmet", () => Reasons(Gate.Decide(ordinary, "go-0", Situation()))),
            Of("with its fix", () => Fix(Gate.Decide(ordinary, "go-0", Situation()))),
            Of("eight blocked offers with their fixes", () => Gate.Offers(ordinary, Situation()).Sum(o => o.Remedy!.Fix!.Count)),
            Of("a hostile guard", () => ((Decision.Refused)Gate.Decide(hostile, "go-0", Situation())).Remedy.Why!.Length),
            Of("eight hostile offers", () => Gate.Offers(hostile, Situation()).Sum(o => o.Remedy!.Why!.Length)));
    }

    private static int Reasons(Decision decision) => ((Decision.Refused)decision).Reasons.Count;

    private static int Fix(Decision decision) => ((Decision.Refused)decision).Remedy.Fix!.Count;

    private static Contestant Of(string name, Func<int> run) => new(name, () =>
    {
        const int Times = 10;
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Times; i++)
        {
            if (run() == 0) throw new InvalidOperationException($"{name}: nothing came out.");
        }

        return Task.FromResult(watch.Elapsed.TotalMilliseconds / Times);
    });

    private static Situation Situation() => new(
        new() { Id = Guid.Empty, Type = "thing", Subject = new("thing", "1"), Step = "open", Version = 1, StartedAt = DateTimeOffset.UnixEpoch, EnteredAt = DateTimeOffset.UnixEpoch },
        new(Value.Parse("""{"discount":0.4,"size":"medium"}""").AsObject!), Somebody, new DateTimeOffset(2026, 3, 31, 12, 0, 0, TimeSpan.Zero));

    private static Workflow Flow(string[] rules)
    {
        var guards = string.Join(',', rules.Select((rule, i) => $$"""
            "guard-{{i}}": {"rule": {{rule}}, "message": "m"}
            """));
        var transitions = string.Join(',', Enumerable.Range(0, 8).Select(i => $$"""
            "go-{{i}}": {"from": ["open"], "to": "end", "conditions": { {{guards}} } }
            """));
        var bundle = JsonNode.Parse($$"""
            {
              "apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "flow", "version": "1.0.0"},
              "subjects": {"thing": {"schema": {"type": "object", "properties": {
                "amount": {"type": "number"}, "cost": {"type": "number"}, "rate": {"type": "number"}, "discount": {"type": "number", "minimum": 0}, "title": {"type": "string"},
                "size": {"enum": ["small", "medium", "large"]}, "due": {"type": "string", "format": "date"}, "end": {"type": "string", "format": "date"} } } } },
              "projectTypes": {"thing": {"workflow": "flow", "subject": "thing"} },
              "statuses": {"open": {"category": "open"}, "end": {"category": "done"} },
              "workflows": {"flow": {"steps": [{"status": "open", "initial": true}, {"status": "end", "final": true}], "transitions": { {{transitions}} } } }
            }
            """)!;
        var reading = BundleReader.Read(Encoding.UTF8.GetBytes(bundle.ToJsonString()), []);
        return reading.Bundle?.Workflows["flow"] ?? throw new InvalidOperationException(string.Join("; ", reading.Faults));
    }
}
