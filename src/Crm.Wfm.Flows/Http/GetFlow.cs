using System.ComponentModel;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Http;

internal static class GetFlow // GET /flows/{flow}?version=
{
    public static void Map(IEndpointRouteBuilder flows) =>
        flows.MapGet("/{flow}", Handle).WithName(nameof(GetFlow)).WithSummary("Shows a flow with its definition, the latest version unless asked otherwise").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<FlowDocumentResponse>, ProblemHttpResult>> Handle(
        [Description("The flow's id.")] string flow, [Description("A version's number.")] int? version, FlowDefinitions definitions, CancellationToken ct) =>
        await definitions.FindAsync(flow, version is { } number ? VersionOptions.Of(number) : VersionOptions.Latest, ct) is { } found ? TypedResults.Ok(FlowDocumentResponse.Of(found)) : Problems.NotFound("flow");
}

internal sealed record FlowDocumentResponse(FlowResponse Flow, [property: JsonType("object"), Description("The definition: an Elsa 3 workflow definition.")] Value Definition)
{
    public static FlowDocumentResponse Of(StoredDefinition definition) => new(FlowResponse.Of(definition.Summary), definition.Document);
}
