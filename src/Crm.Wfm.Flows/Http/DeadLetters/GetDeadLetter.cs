using System.ComponentModel;
using System.Globalization;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Http;

internal static class GetDeadLetter // GET /dead-letters/{run}
{
    public static void Map(IEndpointRouteBuilder letters) => letters.MapGet("/{run:guid}", Handle).WithName(nameof(GetDeadLetter))
        .WithSummary("Shows a run that failed for good: why, where it stands, and what each of its activities did").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<DeadLetterInspection>, ProblemHttpResult>> Handle([Description("The run's id.")] Guid run, HostContext host, FlowLibrary library, CancellationToken ct)
    {
        var letters = await host.Db.QueryAsync($"{DeadLetterResponse.Select} and r.id = $1", [run], DeadLetterResponse.Of, ct);
        if (letters is not [var letter]) return Problems.NotFound("dead letter");
        var (definition, text) = (await host.Db.QueryAsync("select definition, state from wfm_flows.run where id = $1", [run], r => (r.GetInt32(0), r.GetValue(1) as string), ct))[0];
        var state = await StateAsync(host, library, run, definition, text, ct);
        var journal = await RunStore.JournalAsync(host.Db, run, ct);
        return TypedResults.Ok(new DeadLetterInspection(letter, [.. (state?.Incidents ?? []).Select(IncidentResponse.Of)], state is null ? null : DeadLetterState.Of(state, text!.Length),
            [.. journal.Select(JournalResponse.Of)]));
    }

    // Of what never began, or another host alone can read, there is nothing to show but its input.
    private static async Task<RunState?> StateAsync(HostContext host, FlowLibrary library, Guid run, int definition, string? text, CancellationToken ct)
    {
        if (text is null || Value.Parse(text)["n"].IsNull || (await library.FindAsync(host.Db, host.Workspace, definition, ct)).Flow is not { } flow) return null;
        var state = new RunState { Id = run, Workspace = host.Workspace };
        try
        {
            await StateText.ReadAsync(text, state, flow, async key =>
                (await library.FindAsync(host.Db, host.Workspace, int.Parse(key, CultureInfo.InvariantCulture), ct)).Flow ?? throw new FlowException("a flow it uses as an activity is gone"));
            return state;
        }
        catch (FlowException)
        {
            return null;
        }
    }
}

/// <summary>A dead letter, opened.</summary>
/// <param name="Letter">What the list says of it.</param>
/// <param name="Incidents">The tries that failed, the last 50.</param>
/// <param name="State">Where it stands; nothing when it never began.</param>
/// <param name="Journal">What its activities did, and what people did with it.</param>
internal sealed record DeadLetterInspection(DeadLetterResponse Letter, IReadOnlyList<IncidentResponse> Incidents, DeadLetterState? State, IReadOnlyList<JournalResponse> Journal);

/// <summary>A try that failed.</summary>
/// <param name="Activity">The activity's node id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Message">Why.</param>
/// <param name="At">When.</param>
/// <param name="Attempt">Which try it was.</param>
internal sealed record IncidentResponse(string Activity, string Type, string Message, DateTimeOffset At, int Attempt)
{
    public static IncidentResponse Of(Incident incident) => new(incident.NodeId, incident.Type, incident.Message, incident.At, incident.Attempt);
}

/// <summary>Where a run stands.</summary>
/// <param name="Characters">How long its state is.</param>
/// <param name="Steps">How many activities it ran.</param>
/// <param name="Variables">The flow's variables, by id.</param>
/// <param name="Executions">What goes on in it.</param>
/// <param name="Queued">The node ids of what would run next.</param>
internal sealed record DeadLetterState(int Characters, int Steps, [property: JsonType("object"), Description("The flow's variables, by id.")] Value Variables, IReadOnlyList<ExecutionResponse> Executions, IReadOnlyList<string> Queued)
{
    public static DeadLetterState Of(RunState state, int characters) => new(characters, state.Steps, RunStore.Of(state.Executions.Find(e => e.Parent is null)?.Variables ?? state.Kept ?? []),
        [.. state.Executions.Where(e => e.Parent is not null).Select(ExecutionResponse.Of)], [.. state.Queue.Select(w => w.Node.Definition.NodeId)]);
}

/// <summary>An activity that goes on, or failed.</summary>
/// <param name="Activity">Its node id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Status"><c>open</c> while something within it goes on, <c>waiting</c>, <c>calling</c>, <c>retrying</c> or <c>faulted</c>.</param>
/// <param name="Attempt">Which try it is.</param>
/// <param name="WaitsFor">The signals and times it waits for.</param>
internal sealed record ExecutionResponse(string Activity, string Type, string Status, int Attempt, IReadOnlyList<string> WaitsFor)
{
    public static ExecutionResponse Of(Execution execution) => new(execution.Node.Definition.NodeId, execution.Node.Definition.Type, execution.Status.ToString().ToLowerInvariant(), execution.Attempt,
        [.. execution.Waits.Select(w => w is Wait.For signal ? signal.Signal : FactTime.Text(((Wait.Until)w).Due))]);
}
