using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Asks people for a decision, and waits for it.</summary>
[FlowActivity(Type, "Process", "Asks people in some roles, or named ones, for a decision, and waits for it.", Outcomes = ["Approved", "Rejected", "TimedOut"], IsPure = true)]
internal sealed class RequestApproval : IResumableActivity
{
    /// <summary>The type flows write.</summary>
    public const string Type = "Wfm.RequestApproval";

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

    /// <summary>Writes who may decide: <c>{roles, users, exceptUser}</c>.</summary>
    public static Value Deciders(Value roles, Value users, string? exceptUser) => Value.From(new FactObjectBuilder
    {
        ["roles"] = Value.From([.. Projects.Names(roles, "roles").Select(Value.From)]), ["users"] = Value.From([.. Projects.Names(users, "users").Select(Value.From)]),
        ["exceptUser"] = Value.From(string.IsNullOrEmpty(exceptUser) ? null : exceptUser),
    }.Build());

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var deciders = Deciders(Roles, Users, ExceptUser);
        if (deciders["roles"].AsList.Length + deciders["users"].AsList.Length == 0) throw new FlowException("nobody may decide: it names neither roles nor users");
        ApprovalId = flow.IdempotencyKey;
        var due = Timeout is { } timeout ? flow.Now + timeout : (DateTimeOffset?)null;
        flow.State = Value.From(new FactObjectBuilder(deciders.AsObject!)
        {
            ["approval"] = Value.From(ApprovalId), ["title"] = Value.From(Title), ["payload"] = Payload, ["run"] = Value.From(flow.Run), ["requestedAt"] = Value.From(flow.Now),
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
