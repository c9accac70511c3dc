using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
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

namespace Crm.Wfm.Flows.Http;

internal static class DecideApproval // POST /approvals/{id}
{
    public static void Map(IEndpointRouteBuilder approvals) => approvals.MapPost("/{id}", Handle).WithName(nameof(DecideApproval))
        .WithSummary("Approves or rejects what a flow asks for; the first decision counts").WithIdempotencyKey("approvals")
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static Task<Results<Ok<DecideApprovalResponse>, ProblemHttpResult>> Handle([Description("The request's id.")] string id, Body<DecideApprovalRequest> body, HostContext host, CurrentRequest current,
        EventEmitter events, RunSignal signal, TimeProvider time, CancellationToken ct) =>
        host.ExecuteAsync<Results<Ok<DecideApprovalResponse>, ProblemHttpResult>>(async token =>
        {
            await using var own = host.Db.Database.CurrentTransaction is null ? await host.BeginAsync(token) : null;
            var open = await ApprovalStore.LockAsync(host.Db, id, token);
            var request = open.IsNull ? await ApprovalStore.EarlierAsync(host.Db, id, token) : open;
            if (request.IsNull) return Problems.NotFound("approval");
            if (!ApprovalStore.MayDecide(request, current.Actor)) return Problems.Forbidden("You may not decide this.");
            if (open.IsNull) return Problems.Conflict("It is open no more: it is decided already, its time is over, or its run has ended.");
            if (await ApprovalStore.IsDecidedAsync(host.Db, id, token)) return Problems.Conflict("It is decided already.");
            var decided = new DecideApprovalResponse(id, body.Value.Approve, current.Actor.Id, time.GetUtcNow().ToUniversalTime(), body.Value.Reason);
            await SignalStore.SendToAsync(host.Db, ApprovalStore.RunOf(id)!.Value, Signals.Decided(id), decided.ToValue(), decided.At, token);
            await events.EmitAsync([new(RequestApproval.Decided, new("run", ApprovalStore.RunOf(id)!.Value), Value.From(decided.ToValue().AsObject!.With("approval", Value.From(id))))], current.Actor, decided.At, null, token);
            if (own is not null) await own.CommitAsync(token);
            signal.Ring();
            return TypedResults.Ok(decided);
        }, ct);
}

internal sealed record DecideApprovalRequest(bool Approve, [property: StringLength(2000)] string? Reason = null);

/// <param name="Id">The request's id.</param>
/// <param name="Approved">Whether it is approved.</param>
/// <param name="By">Who decided.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why.</param>
internal sealed record DecideApprovalResponse(string Id, bool Approved, Guid By, DateTimeOffset At, string? Reason)
{
    public Value ToValue() => Value.From(new FactObjectBuilder { ["approved"] = Value.From(Approved), ["by"] = Value.From(By), ["at"] = Value.From(At), ["reason"] = Value.From(Reason) }.Build());
}
