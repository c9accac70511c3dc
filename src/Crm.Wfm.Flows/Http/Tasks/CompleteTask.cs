using System.ComponentModel;
using System.Text.Json.Nodes;
using Crm.Wfm.Events;
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
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class CompleteTask // POST /runs/tasks/{task}/complete
{
    public static void Map(IEndpointRouteBuilder runs) => runs.MapPost("/tasks/{task}/complete", Handle).WithName(nameof(CompleteTask))
        .WithSummary("Reports that a task a flow asked for is done, and with what result; the first report counts").WithIdempotencyKey("runs/tasks/{task}/complete")
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static Task<Results<Ok<CompleteTaskResponse>, ProblemHttpResult>> Handle([Description("The task's id, as `flow.task.requested` tells it.")] string task, Body<CompleteTaskRequest> body, HostContext host,
        CurrentRequest current, IOptions<WfmOptions> wfm, IOptions<FlowOptions> flows, EventEmitter events, RunSignal signal, TimeProvider time, CancellationToken ct) =>
        host.ExecuteAsync<Results<Ok<CompleteTaskResponse>, ProblemHttpResult>>(async token =>
        {
            if (!MayReport(current, wfm.Value, flows.Value)) return Problems.Forbidden($"Reporting tasks done needs the role {flows.Value.TaskRole ?? wfm.Value.PublisherRole}.");
            await using var own = host.Db.Database.CurrentTransaction is null ? await host.BeginAsync(token) : null;
            if (ApprovalStore.RunOf(task) is not { } run || !await LockAsync(host, run, token)) return Problems.NotFound("task");
            if (!await IsOpenAsync(host, run, task, token)) return Problems.Conflict("The run does not wait for this task: it is done already, or was given up.");
            var done = new CompleteTaskResponse(task, run, current.Actor.Id, time.GetUtcNow().ToUniversalTime());
            await SignalStore.SendToAsync(host.Db, run, Signals.TaskDone(task), Value.From(body.Value.Result), done.At, token);
            await events.EmitAsync([new(RunTask.Completed, new("run", run), Value.From(new FactObjectBuilder { ["taskId"] = Value.From(task), ["run"] = Value.From(run) }.Build()))], current.Actor, done.At, null, token);
            if (own is not null) await own.CommitAsync(token);
            signal.Ring();
            return TypedResults.Ok(done);
        }, ct);

    private static bool MayReport(CurrentRequest current, WfmOptions wfm, FlowOptions flows) =>
        current.Actor.Roles.Contains(wfm.PublisherRole) || (flows.TaskRole is { } role && current.Actor.Roles.Contains(role));

    // Of two who report it at once the second sees what the first said.
    private static async Task<bool> LockAsync(HostContext host, Guid run, CancellationToken ct) =>
        (await host.Db.QueryAsync("select 1 from wfm_flows.run where id = $1 for update", [run], r => r.GetInt32(0), ct)).Count > 0;

    private static async Task<bool> IsOpenAsync(HostContext host, Guid run, string task, CancellationToken ct) => (await host.Db.QueryAsync("""
        select exists (select from wfm_flows.bookmark where run_id = $1 and signal = $2) and not exists (select from wfm_flows.delivery where run_id = $1 and signal = $2)
        """, [run, Signals.TaskDone(task)], r => r.GetBoolean(0), ct))[0];
}

internal sealed record CompleteTaskRequest([property: Description("What came of it: any JSON. It is the activity's `result`.")] JsonNode? Result = null);

/// <param name="Task">The task's id.</param>
/// <param name="Run">The run that waited for it.</param>
/// <param name="By">Who reported it.</param>
/// <param name="At">When.</param>
internal sealed record CompleteTaskResponse(string Task, Guid Run, Guid By, DateTimeOffset At);
