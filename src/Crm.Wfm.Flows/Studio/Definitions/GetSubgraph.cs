using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Shows a part of a flow: what lies in an activity, also where that is another flow; and the way from the root to an activity.</summary>
internal static class GetSubgraph // GET /workflow-definitions/subgraph/{id}?parentNodeId= and /workflow-definitions/subgraph/segments/{id}?childNodeId=
{
    public static void Map(IEndpointRouteBuilder definitions)
    {
        definitions.MapGet("/subgraph/segments/{id}", Segments);
        definitions.MapGet("/subgraph/{id}", Subgraph);
    }

    private static async Task<IResult> Subgraph(string id, string? parentNodeId, FlowDefinitions flows, ElsaToolbox toolbox, CancellationToken ct)
    {
        var way = await WayAsync(id, parentNodeId, flows, toolbox, ct);
        return way is [.., var found] ? ElsaAnswer.Ok(found.ToValue()) : ElsaAnswer.NotFound("activity");
    }

    private static async Task<IResult> Segments(string id, string? childNodeId, FlowDefinitions flows, ElsaToolbox toolbox, CancellationToken ct)
    {
        var way = await WayAsync(id, childNodeId, flows, toolbox, ct);
        if (way is not [.., var child]) return ElsaAnswer.NotFound("activity");
        var container = way.Count > 1 ? way[^2] : child;
        // Between the root and the container there lie, by turns, an activity and the container in one of its ports.
        var segments = way.Take(way.Count - 1).Zip(way.Skip(1)).Where(step => !step.Second.IsListed && step.Second != child).Select(step => Segment(step.First, step.Second.Port!));
        return ElsaAnswer.Ok(Value.From(new FactObjectBuilder { ["childNode"] = child.ToValue(), ["container"] = container.ToValue(), ["pathSegments"] = Value.From([.. segments]) }.Build()));
    }

    private static Value Segment(DrawnNode owner, string port) => Value.From(new FactObjectBuilder
    {
        ["activityNodeId"] = Value.From(owner.NodeId), ["activityId"] = owner.Activity["id"], ["activityType"] = owner.Activity["type"], ["portName"] = Value.From(port),
    }.Build());

    /// <summary>Goes from the root to an activity; nothing when there is none.</summary>
    private static async Task<IReadOnlyList<DrawnNode>> WayAsync(string id, string? nodeId, FlowDefinitions flows, ElsaToolbox toolbox, CancellationToken ct)
    {
        if (await flows.FindVersionAsync(id, ct) is not { } definition) return [];
        var known = await toolbox.ReadAsync(ct);
        var at = new DrawnNode(new StudioDrawing(known).Show(definition.Document["root"]), Port: null);
        var way = new List<DrawnNode> { at };
        while (nodeId is { Length: > 0 } && at.NodeId != nodeId)
        {
            var children = await ChildrenAsync(at, known, flows, ct);
            if (children.FirstOrDefault(c => c.NodeId == nodeId || nodeId.StartsWith(c.NodeId + ":", StringComparison.Ordinal)) is not { } next) return [];
            way.Add(at = next);
        }

        way[^1] = at with { Children = await ChildrenAsync(at, known, flows, ct) };
        return way;
    }

    private static async Task<IReadOnlyList<DrawnNode>> ChildrenAsync(DrawnNode at, IReadOnlyDictionary<string, ElsaDescriptor> known, FlowDefinitions flows, CancellationToken ct)
    {
        if (at.Activity["workflowDefinitionVersionId"].AsText is not { } used) return [.. at.Drawn()];
        return await flows.FindVersionAsync(used, ct) is { } flow ? [new(new StudioDrawing(known).Show(flow.Document["root"], at.NodeId), "root")] : [];
    }
}

/// <summary>An activity as it is drawn, and the port of its parent it lies in.</summary>
internal sealed record DrawnNode(Value Activity, string? Port)
{
    /// <summary>Gets or inits what lies in it, where that was looked for.</summary>
    public IReadOnlyList<DrawnNode>? Children { get; init; }

    public string NodeId => Activity["nodeId"].AsText ?? "";

    /// <summary>Gets whether it lies among others on its parent's own surface.</summary>
    public bool IsListed => Port is "activities";

    /// <summary>Lists the activities drawn in it.</summary>
    public IEnumerable<DrawnNode> Drawn()
    {
        foreach (var (name, value) in Activity.AsObject ?? FactObject.Empty)
        {
            if (IsDrawn(value)) yield return new(value, name);
            foreach (var item in value.AsList.ToArray())
            {
                if (IsDrawn(item)) yield return new(item, name);
                else if (IsDrawn(item["activity"])) yield return new(item["activity"], item["label"].AsText ?? name);
            }
        }
    }

    public Value ToValue() => Value.From(new FactObjectBuilder
    {
        ["activity"] = Activity, ["port"] = Value.From(Port), ["nodeId"] = Value.From(NodeId), ["parents"] = Value.From([]), ["children"] = Value.From([.. (Children ?? Drawn()).Select(c => c.ToValue())]),
    }.Build());

    private static bool IsDrawn(Value value) => StudioDrawing.IsActivity(value) && value["nodeId"].AsText is not null;
}
