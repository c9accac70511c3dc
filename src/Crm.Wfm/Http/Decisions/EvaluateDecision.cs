using System.ComponentModel;
using System.Text.Json.Nodes;
using Crm.Wfm.Decisions;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Http;

internal static class EvaluateDecision // POST /decisions/{key}/evaluate
{
    public static void Map(IEndpointRouteBuilder decisions) => decisions.MapPost("/{key}/evaluate", Handle).WithName(nameof(EvaluateDecision))
        .WithSummary("Decides, and tells which rows hit and which cell kept the others from it; changes nothing")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<EvaluateDecisionResponse>, ProblemHttpResult>> Handle(
        [Description("The decision's key.")] string key, Body<EvaluateDecisionRequest> body, CurrentRequest current, PublishedDecisions decisions, CancellationToken ct)
    {
        var request = body.Value;
        if (request is { Project: not null, Entity: not null }) return Problems.Faulty([new("/entity", "not-allowed-here", "a project has facts of its own")]);
        if (await decisions.FindAsync(key, ct) is not { } found) return Problems.NotFound("decision");
        var given = Value.From(request.Inputs).AsObject;
        if (Faults(found.Decision, given) is { Count: > 0 } faults) return Problems.Faulty(faults);
        var inquiry = new Inquiry(current.Actor, Value.From(request.Entity).AsObject, given, request.Project);
        if (await decisions.AskAsync(key, inquiry, ct) is not { } trace) return Problems.NotFound("project whose process has this decision");
        return trace.Result.IsError
            ? Problems.Faulty([new("", "decision-error", trace.Result.Error["message"].AsText ?? trace.Result.Error.ToString())], StatusCodes.Status422UnprocessableEntity)
            : TypedResults.Ok(EvaluateDecisionResponse.Of(trace));
    }

    private static List<Fault> Faults(Decision decision, FactObject? given)
    {
        var faults = new List<Fault>();
        foreach (var (name, value) in given ?? FactObject.Empty)
        {
            var pointer = "/inputs" + JsonPointer.Token(name);
            if (decision.Inputs.FirstOrDefault(input => input.Key == name) is { } input) faults.AddRange(input.Schema.Validate(value).Select(fault => fault.Below(pointer)));
            else faults.Add(new(pointer, "unknown-input", $"there is no input '{name}'{Closest.Hint(name, decision.Inputs.Select(i => i.Key))}"));
        }

        return faults;
    }
}

internal sealed record EvaluateDecisionRequest(JsonObject? Entity = null, JsonObject? Inputs = null, Guid? Project = null);

/// <param name="Decision">Key of the decision.</param>
/// <param name="Outputs">What it gives; null where no row hit and it has no default.</param>
/// <param name="Inputs">The inputs as they were.</param>
/// <param name="Hits">The rows that hit; a scorecard's as characteristic/row.</param>
/// <param name="Tables">What was looked at, table by table.</param>
internal sealed record EvaluateDecisionResponse(
    string Decision, [property: JsonType("object", "null")] Value Outputs, [property: JsonType("object")] Value Inputs, IReadOnlyList<string> Hits, IReadOnlyList<DecisionTableResponse> Tables)
{
    public static EvaluateDecisionResponse Of(DecisionTrace trace) => new(trace.Decision, trace.Result.Outputs, Value.From(trace.Inputs), [.. trace.Hits],
        [.. trace.Tables.Select(t => new DecisionTableResponse(t.Part, t.Points, [.. t.Rows.Select(r => new DecisionRowResponse(r.Row, r.Hits, r.FailedInput, r.Cell))]))]);
}

internal sealed record DecisionTableResponse(string? Part, double? Points, IReadOnlyList<DecisionRowResponse> Rows);

internal sealed record DecisionRowResponse(string Row, bool Hit, string? FailedInput, [property: Description("The cell that did not hold, as it stands in the row.")] Value Cell);
