using System.Globalization;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Http;

/// <summary>Finds where a request belongs: the flow that begins at its path, or the run that waits there; the most exact path first, and a beginning before a wait.</summary>
internal sealed class RequestPlaces(DbContext db, Guid workspace, FlowLibrary library)
{
    /// <summary>Finds the place; where there is none, the methods by which there would be one.</summary>
    public async Task<(RequestPlace? Place, IReadOnlyList<string> Allowed)> FindAsync(HttpRequest request, IReadOnlyList<string> patterns, CancellationToken ct)
    {
        string[] keys = [.. patterns.Select(p => HttpRoute.Key(request.Method, p))];
        var begins = await TriggersAsync(keys, ct);
        var waits = await WaitsAsync(keys, request, ct);
        foreach (var key in keys)
        {
            if (begins.Find(b => b.Key == key) is { } begin) return (await OfTriggerAsync(begin, ct), []);
            var waiting = waits.Where(w => w.Key == key).ToList();
            if (waiting.Count > 0) return (await OfWaitAsync(waiting[0], waiting.DistinctBy(w => w.Run).Count() > 1, ct), []);
        }

        // A run that waits and is not the one the request names is no other method.
        return (null, [.. (await AllowedAsync(patterns, ct)).Where(m => !m.Equals(request.Method, StringComparison.OrdinalIgnoreCase))]);
    }

    /// <summary>Sends a request to the run that waits for it; <c>false</c> when it no longer does, or another request was sent to it already.</summary>
    public static async Task<bool> ResumeAsync(DbContext db, RequestPlace place, Value request, DateTimeOffset now, CancellationToken ct)
    {
        object?[] wait = [place.Run, Signal(place.Key)];
        await db.ExecuteAsync("select from wfm_flows.run where id = $1 for update", [place.Run], ct);
        var waits = await db.QueryAsync("""
            select exists (select from wfm_flows.bookmark where run_id = $1 and signal = $2) and not exists (select from wfm_flows.delivery where run_id = $1 and signal = $2)
            """, wait, r => r.GetBoolean(0), ct);
        return waits[0] && await SignalStore.SendToAsync(db, place.Run!.Value, Signal(place.Key), request, now, ct);
    }

    /// <summary>Gets the correlation id a request names, as Elsa's clients do.</summary>
    public static string? CorrelationOf(HttpRequest request) => Named(request, "X-Correlation-ID", "correlationId");

    private static string? Named(HttpRequest request, string header, string query) =>
        request.Headers[header].ToString() is { Length: > 0 } inHeader ? inHeader : request.Query[query].ToString() is { Length: > 0 } inQuery ? inQuery : null;

    private static string Signal(string key) => Signals.Http(key.Split(' ', 2)[0], key.Split(' ', 2)[1]);

    private Task<List<Begin>> TriggersAsync(string[] keys, CancellationToken ct) => db.QueryAsync(
        "select key, definition, node_id from wfm_flows.trigger where kind = 'http' and key = any($1)", [keys], r => new Begin(r.GetString(0), r.GetInt32(1), r.GetString(2)), ct);

    // Two are enough to know that there are several.
    private Task<List<Waiting>> WaitsAsync(string[] keys, HttpRequest request, CancellationToken ct) => db.QueryAsync("""
        select w.signal, r.id, w.execution, r.definition, r.state from unnest($1::text[]) as s (signal)
        cross join lateral (
          select b.signal, b.run_id, b.execution from wfm_flows.bookmark b join wfm_flows.run r on r.id = b.run_id
          where b.signal = s.signal and ($2 = '' or r.id::text = $2) and ($3 = '' or r.correlation_id = $3) limit 2) w
        join wfm_flows.run r on r.id = w.run_id
        """, [keys.Select(Signal).ToArray(), Named(request, "X-Workflow-Instance-ID", "workflowInstanceId")?.ToLowerInvariant() ?? "", CorrelationOf(request) ?? ""],
        r => new Waiting(r.GetString(0)["http:".Length..], r.GetGuid(1), r.GetInt32(2), r.GetInt32(3), r.GetString(4)), ct);

    private async Task<IReadOnlyList<string>> AllowedAsync(IReadOnlyList<string> patterns, CancellationToken ct)
    {
        string[] keys = [.. HttpEndpoint.Methods.SelectMany(m => patterns.Select(p => HttpRoute.Key(m, p)))];
        var found = await db.QueryAsync("""
            select key from wfm_flows.trigger where kind = 'http' and key = any($1) union select substr(signal, 6) from wfm_flows.bookmark where signal = any($2)
            """, [keys, keys.Select(Signal).ToArray()], r => r.GetString(0).Split(' ', 2)[0], ct);
        return [.. found.Distinct().Order(StringComparer.Ordinal)];
    }

    private async Task<RequestPlace?> OfTriggerAsync(Begin begin, CancellationToken ct)
    {
        var flow = (await library.FindAsync(db, workspace, begin.Definition, ct)).Flow;
        var node = flow?.Nodes.FirstOrDefault(n => n.Definition.NodeId == begin.Node);
        return node is null ? null : Place(begin.Key, begin.Definition, begin.Node, node.Known, run: null);
    }

    // What the endpoint asks for was computed when it began to wait.
    private async Task<RequestPlace?> OfWaitAsync(Waiting waiting, bool isAmbiguous, CancellationToken ct)
    {
        if ((await library.FindAsync(db, workspace, waiting.Definition, ct)).Flow is not { } flow) return null;
        var run = new RunState { Id = waiting.Run, Workspace = workspace };
        await StateText.ReadAsync(waiting.State, run, flow, async key => (await library.FindAsync(db, workspace, int.Parse(key, CultureInfo.InvariantCulture), ct)).Flow ?? throw new FlowException("a flow it uses as an activity is gone"));
        return run.Executions.Find(e => e.Id == waiting.Execution) is { } execution
            ? Place(waiting.Key, waiting.Definition, execution.Node.Definition.NodeId, input => execution.Inputs[input], waiting.Run) with { IsAmbiguous = isAmbiguous }
            : null;
    }

    private static RequestPlace Place(string key, int definition, string node, Func<string, Value> input, Guid? run)
    {
        T? Made<T>(string name)
            where T : struct => InputValues.TryMake(input(name), typeof(T), out var made, out _) ? made as T? : null;
        return new(key, definition, node, run)
        {
            IsForSignedIn = InputValues.Truth(input("authorize")),
            Policy = input("policy").AsText is { Length: > 0 } policy ? policy : null,
            Patience = Made<TimeSpan>("requestTimeout"),
            MaxBody = Made<int>("requestSizeLimit"),
        };
    }

    private sealed record Begin(string Key, int Definition, string Node);

    private sealed record Waiting(string Key, Guid Run, int Execution, int Definition, string State);
}

/// <summary>Where a request belongs.</summary>
/// <param name="Key">The endpoint's key, such as <c>GET orders/{}</c>.</param>
/// <param name="Definition">The number of the flow's version.</param>
/// <param name="Node">The endpoint's place in it.</param>
/// <param name="Run">The run that waits; <c>null</c> where one begins.</param>
internal sealed record RequestPlace(string Key, int Definition, string Node, Guid? Run)
{
    /// <summary>Gets whether several runs wait for the same.</summary>
    public bool IsAmbiguous { get; init; }

    public bool IsForSignedIn { get; init; }

    public string? Policy { get; init; }

    public TimeSpan? Patience { get; init; }

    public int? MaxBody { get; init; }
}
