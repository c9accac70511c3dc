using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Starts a project for a record.</summary>
[FlowActivity("Wfm.StartProject", "Process", "Starts a process for a record, in its first step.", Outcomes = ["Started", "Refused", "Conflict", "NotFound"])]
internal sealed class StartProject(MoveEngine engine, HostContext host) : IFlowActivity
{
    [FlowInput("The record, such as deal/7; the one the run's event is about, when it is not given.")]
    public string? Subject { get; init; }

    [FlowInput("The project type; the default one of such records, when it is not given.")]
    public string? ProjectType { get; init; }

    [FlowInput("The project's own fields, by name.", Hint = "dictionary")]
    public Value Fields { get; init; }

    [FlowInput("Why, for history.", Hint = "multiline")]
    public string? Reason { get; init; }

    [FlowInput("The roles the system acts in; none, when they are not given.", LendsRoles = true)]
    public Value Roles { get; init; }

    [FlowOutput("The project's id.")]
    public Guid? ProjectId { get; private set; }

    [FlowOutput("The step it is in.")]
    public string? Step { get; private set; }

    [FlowOutput("Every reason of a refusal: key, message, values, fixes.")]
    public Value Reasons { get; private set; }

    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var command = new StartCommand(Projects.Subject(flow, Subject), Projects.Actor(Roles))
        {
            ProjectType = string.IsNullOrEmpty(ProjectType) ? null : ProjectType,
            Fields = Projects.Members(Fields, "fields"),
            Reason = Reason,
            IdempotencyKey = flow.IdempotencyKey,
            Cause = flow.Cause,
        };
        switch (await Projects.AskAsync(host, () => engine.StartAsync(command, ct), ct))
        {
            case MoveResult.Moved moved:
                (ProjectId, Step) = (moved.Project, moved.To);
                return new ActivityResult.Completed("Started");
            case MoveResult.Refused refused:
                Reasons = Projects.Reasons(refused.Reasons);
                return new ActivityResult.Completed("Refused");
            case MoveResult.Conflict:
                return new ActivityResult.Completed("Conflict");
            default:
                return new ActivityResult.Completed("NotFound");
        }
    }
}
