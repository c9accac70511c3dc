using System.ComponentModel;
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

internal static class GetRun // GET /runs/{id}
{
    public static void Map(IEndpointRouteBuilder runs) =>
        runs.MapGet("/{id:guid}", Handle).WithName(nameof(GetRun)).WithSummary("Shows a run and what each of its activities did").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<RunJournalResponse>, ProblemHttpResult>> Handle(Guid id, HostContext host, CancellationToken ct)
    {
        var runs = await host.Db.QueryAsync($"{RunResponse.Select} where r.id = $1", [id], RunResponse.Of, ct);
        if (runs is not [var run]) return Problems.NotFound("run");
        var journal = await RunStore.JournalAsync(host.Db, id, ct);
        var output = await host.Db.QueryAsync("select output from wfm_flows.run where id = $1", [id], r => r.GetValue(0) as string, ct);
        return TypedResults.Ok(new RunJournalResponse(run, output[0] is { } text ? Value.Parse(text) : Value.From(FactObject.Empty), [.. journal.Select(JournalResponse.Of)]));
    }
}

internal sealed record RunJournalResponse(RunResponse Run, [property: JsonType("object"), Description("What the run gave out.")] Value Output, IReadOnlyList<JournalResponse> Journal);

/// <summary>Something an activity of a run did.</summary>
/// <param name="Execution">Which execution of the run: an activity in a loop has one each time.</param>
/// <param name="ActivityId">Node id of the activity in the flow.</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name.</param>
/// <param name="What">What it did.</param>
/// <param name="At">When.</param>
/// <param name="Outcomes">By what it went on.</param>
/// <param name="Inputs">What its inputs were.</param>
/// <param name="Outputs">What it gave out.</param>
/// <param name="Message">What is to be said of it.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record JournalResponse(int Execution, string ActivityId, string Type, string Name, string What, DateTimeOffset At, IReadOnlyList<string> Outcomes,
    [property: JsonType("object"), Description("What its inputs were.")] Value Inputs, [property: JsonType("object"), Description("What it gave out.")] Value Outputs, string? Message, double Milliseconds)
{
    public static JournalResponse Of(JournalEntry entry) => new(entry.Execution, entry.Activity, entry.Type, entry.Name, entry.Kind.ToString().ToLowerInvariant(), entry.At, entry.Outcomes, entry.Inputs, entry.Outputs,
        entry.Message, entry.Duration.TotalMilliseconds);
}
