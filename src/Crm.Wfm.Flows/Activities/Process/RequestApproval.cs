using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Asks people for a decision, and waits for it.</summary>
[FlowActivity("Wfm.RequestApproval", "Process", "Asks people in some roles, or named ones, for a decision, and waits for it.", Outcomes = ["Approved", "Rejected", "TimedOut"], IsPure = true)]
internal sealed class RequestApproval : IResumableActivity
{
    /// <summary>The event that tells of the request; data is what <c>GET /approvals</c> shows.</summary>
    public const string Requested = "flow.approval.requested";

    /// <summary>The event that tells of the decision.</summary>
    public const string Decided = "flow.approval.decided";

    [FlowInput("What is to be decided, in a few words.")]
    public required string Title { get; init; }

    [FlowInput("The roles that may decide.")]
    public Value Roles { get; init; }

    [FlowInput("The users that may decide, by their ids.")]
    public Value Users { get; init; }

    [FlowInput("A user who may not, whatever their roles: mostly who asked for it.")]
    public string? ExceptUser { get; init; }

    [FlowInput("What there is to know for the decision.", Hint = "dictionary")]
    public Value Payload { get; init; }

    [FlowInput("How long to wait, such as P3D; for ever, when it is not given.")]
    public TimeSpan? Timeout { get; init; }

    [FlowOutput("The request's id, with which it is decided.")]
    public string? ApprovalId { get; private set; }

    [FlowOutput("Who decided.")]
    public string? DecidedBy { get; private set; }

    [FlowOutput("When.")]
    public string? DecidedAt { get; private set; }

    [FlowOutput("Why.")]
    public string? Reason { get; private set; }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var (roles, users) = (Projects.Names(Roles, "roles"), Projects.Names(Users, "users"));
        if (roles.Count + users.Count == 0) throw new FlowException("nobody may decide: it names neither roles nor users");
        ApprovalId = flow.IdempotencyKey;
        var due = Timeout is { } timeout ? flow.Now + timeout : (DateTimeOffset?)null;
        flow.State = Value.From(new FactObjectBuilder
        {
            ["approval"] = Value.From(ApprovalId), ["title"] = Value.From(Title), ["payload"] = Payload, ["run"] = Value.From(flow.Run), ["requestedAt"] = Value.From(flow.Now),
            ["roles"] = Value.From([.. roles.Select(Value.From)]), ["users"] = Value.From([.. users.Select(Value.From)]), ["exceptUser"] = Value.From(string.IsNullOrEmpty(ExceptUser) ? null : ExceptUser),
            ["due"] = due is { } at ? Value.From(at) : Value.Null,
        }.Build());
        flow.Tell(Requested, flow.State);
        List<Wait> waits = [new Wait.For(Signals.Decided(ApprovalId))];
        if (due is { } until) waits.Add(new Wait.Until(until));
        return Task.FromResult<ActivityResult>(new ActivityResult.Suspended(waits));
    }

    public Task<ActivityResult> ResumeAsync(FlowContext flow, Happened happened, CancellationToken ct)
    {
        ApprovalId = flow.IdempotencyKey;
        if (happened.Signal is null) return Task.FromResult<ActivityResult>(new ActivityResult.Completed("TimedOut"));
        (DecidedBy, DecidedAt, Reason) = (happened.Payload["by"].AsText, happened.Payload["at"].AsText, happened.Payload["reason"].AsText);
        return Task.FromResult<ActivityResult>(new ActivityResult.Completed(happened.Payload["approved"].AsBoolean ? "Approved" : "Rejected"));
    }
}
