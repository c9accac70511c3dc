using System.ComponentModel;
using Crm.Wfm.Flows.Persistence;
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
        var journal = await host.Db.QueryAsync("""
            select position, activity_id, activity_type, activity_name, outcome, inputs, outputs, duration
            from wfm_flows.journal where run_id = $1 order by position
            """, [id], JournalResponse.Of, ct);
        return TypedResults.Ok(new RunJournalResponse(run, journal));
    }
}

internal sealed record RunJournalResponse(RunResponse Run, IReadOnlyList<JournalResponse> Journal);

/// <summary>What an activity of a run did.</summary>
/// <param name="Position">The order they ran in, from 1.</param>
/// <param name="ActivityId">Id of the activity in the flow.</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name.</param>
/// <param name="Outcome">By what it went on; nothing when it ended the flow.</param>
/// <param name="Inputs">What its inputs were.</param>
/// <param name="Outputs">What it gave out.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record JournalResponse(int Position, string ActivityId, string Type, string Name, string? Outcome, [property: JsonType("object"), Description("What its inputs were.")] Value Inputs,
    [property: JsonType("object"), Description("What it gave out.")] Value Outputs, double Milliseconds)
{
    public static JournalResponse Of(Npgsql.NpgsqlDataReader r) => new(r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetValue(4) as string,
        Value.Parse(r.GetString(5)), Value.Parse(r.GetString(6)), r.GetTimeSpan(7).TotalMilliseconds);
}
