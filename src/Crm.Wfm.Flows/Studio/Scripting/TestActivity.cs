using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Studio;

/// <summary>
/// Runs one activity alone, with the flow's variables at their test values or defaults, and leaves nothing behind: no run is written, and what the activity writes is rolled back. What would speak with
/// the outside is not called, what would start another run does not, and what waits is shown waiting. Events, other activities' outputs and inputs there are none.
/// </summary>
internal static class TestActivity // POST /tests/activities
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public sealed record Request
    {
        public DefinitionHandle? WorkflowDefinitionHandle { get; init; }

        public ActivityHandle? ActivityHandle { get; init; }
    }

    public sealed record DefinitionHandle
    {
        public string? DefinitionId { get; init; }

        public string? VersionOptions { get; init; }

        public string? DefinitionVersionId { get; init; }
    }

    public sealed record ActivityHandle
    {
        public string? ActivityId { get; init; }

        public string? ActivityNodeId { get; init; }
    }

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/tests/activities", Handle).Needs(ElsaRights.Run);

    private static async Task<IResult> Handle(
        ElsaBody<Request> body, HttpContext http, HostContext host, FlowDefinitions flows, FlowLibrary library, ActivityCatalog activities, IOptions<FlowOptions> options, CurrentRequest current, IOptions<WfmOptions> wfm, TimeProvider time, CancellationToken ct)
    {
        if (await FindAsync(body.Value.WorkflowDefinitionHandle ?? new(), flows, ct) is not { } stored) return ElsaAnswer.NotFound("flow");
        var faults = new List<Wfm.Fault>();
        if (FlowReader.Read(stored.Document, faults) is not { } flow) return ElsaAnswer.Refused(DefinitionAnswers.Words(faults, stored.Document));
        var wanted = body.Value.ActivityHandle ?? new();
        if (flow.Root.All().FirstOrDefault(a => a.NodeId == wanted.ActivityNodeId || a.Id == wanted.ActivityId) is not { } activity) return ElsaAnswer.NotFound("activity");
        var alone = flow with { Variables = [.. WithTestValues(flow)], Root = new("Test", $"{NodeIds.Root}:Test", "Elsa.Sequence", "Test", "/root", Empty) { Children = [new("activities", activity)] } };
        if (FlowCompiler.Compile(alone, activities, _ => true, faults) is not { } compiled) return ElsaAnswer.Ok(Tested.Failed(string.Join(" ", DefinitionAnswers.Words(faults, stored.Document))));
        LentRoles.Check(compiled, current.Actor, wfm.Value.PublisherRole, faults);
        if (faults.Count > 0) return ElsaAnswer.Ok(Tested.Failed(string.Join(" ", DefinitionAnswers.Words(faults, stored.Document))));
        return ElsaAnswer.Ok(await RunAsync(compiled, activity, host, Settings(http.RequestServices, host, library, options.Value, time), ct));
    }

    private static readonly Value Empty = Value.Parse("""{"id":"Test","type":"Elsa.Sequence"}""");

    private static async Task<StoredDefinition?> FindAsync(DefinitionHandle handle, FlowDefinitions flows, CancellationToken ct) =>
        handle.DefinitionVersionId is { Length: > 0 } id ? await flows.FindVersionAsync(id, ct)
        : handle.DefinitionId is { Length: > 0 } definition && VersionOptions.TryParse(handle.VersionOptions, out var versions) ? await flows.FindAsync(definition, versions, ct)
        : null;

    // Studio's test tab keeps them beside the flow, by the variables' ids.
    private static IEnumerable<FlowVariable> WithTestValues(FlowDefinition flow)
    {
        var given = flow.Source["customProperties"]["VariableTestValues"];
        foreach (var variable in flow.Variables)
        {
            var value = given[variable.Id].IsNull ? given[variable.Name] : given[variable.Id];
            yield return !value.IsNull && TypeNames.Convert(value, variable.TypeName, variable.IsArray) is { } converted ? variable with { Default = converted } : variable;
        }
    }

    private static BurstSettings Settings(IServiceProvider services, HostContext host, FlowLibrary library, FlowOptions options, TimeProvider time) => new()
    {
        Services = services,
        Now = time.GetUtcNow().ToUniversalTime(),
        Time = time,
        MaxSteps = Math.Min(1000, options.MaxSteps),
        Timeout = Patience,
        FindFlow = (node, ct) => library.FindAsync(host.Db, host.Workspace, node.Definition, ct),
        SaveAsync = ct => host.Db.SaveChangesAsync(ct),
    };

    private static async Task<Tested> RunAsync(Flow flow, ActivityDefinition activity, HostContext host, BurstSettings settings, CancellationToken ct)
    {
        var run = new RunState { Id = Guid.CreateVersion7(settings.Now), Workspace = host.Workspace };
        var burst = new Burst(run, settings);
        var transaction = host.Db.Database.CurrentTransaction!;
        await transaction.CreateSavepointAsync("test", ct);
        try
        {
            burst.Begin(flow);
            await burst.ContinueAsync(ct);
        }
        catch (FlowException e)
        {
            return Tested.Failed(e.Message);
        }
        finally
        {
            host.Db.ChangeTracker.Clear();
            await transaction.RollbackToSavepointAsync("test", CancellationToken.None);
        }

        return Tested.Of(run, activity);
    }

    /// <summary>What came of it.</summary>
    private sealed record Tested(Value ActivityState, IReadOnlyDictionary<string, object> Payload, Value Outputs, ExecutionFailure? Exception, string Status)
    {
        private static readonly Dictionary<string, object> Nothing = [];

        public static Tested Failed(string message) => new(Value.From(FactObject.Empty), Nothing, Value.From(FactObject.Empty), ExecutionFailure.Of(message), "Faulted");

        public static Tested Of(RunState run, ActivityDefinition activity)
        {
            var open = run.Executions.Find(e => e.Node.Definition.NodeId == activity.NodeId);
            if (open is { Status: ExecutionStatus.Calling })
                return new(ElsaMembers.Pascal(open.Inputs), Nothing, Value.From(FactObject.Empty), ExecutionFailure.Of($"{activity.Type} speaks with the outside, which a test does not: only its inputs were computed."), "Pending");
            if (run.Journal.FindLast(e => e.Activity == activity.NodeId) is not { } last) return new(ElsaMembers.Pascal(open?.Inputs ?? Value.Null), Nothing, Value.From(FactObject.Empty), Exception: null, "Running");
            var payload = ElsaMembers.Payload(last);
            if (last.Kind == JournalKind.Suspended) payload["WaitsFor"] = last.Message ?? "";
            return new(ElsaMembers.Pascal(last.Inputs), payload, ElsaMembers.Pascal(last.Outputs), last.Kind == JournalKind.Faulted ? ExecutionFailure.Of(last.Message) : null,
                last.Kind switch { JournalKind.Completed => "Completed", JournalKind.Faulted => "Faulted", JournalKind.Cancelled => "Canceled", _ => "Running" });
        }
    }
}
