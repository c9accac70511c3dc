using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Carries out a transition, through the gate as everybody does.</summary>
[FlowActivity("Wfm.MoveProject", "Process", "Carries out a transition, if the gate lets it; else goes on with every reason why not.", Outcomes = ["Moved", "Refused", "Conflict", "NotFound"])]
internal sealed class MoveProject(MoveEngine engine, HostContext host) : IFlowActivity
{
    [FlowInput("The project's id.")]
    public Guid? Project { get; init; }

    [FlowInput("Or the record it governs, such as deal/7; without both the one the run's event is about.")]
    public string? Subject { get; init; }

    [FlowInput("Key of the transition.")]
    public required string Transition { get; init; }

    [FlowInput("What the transition asks for, by name.", Hint = "dictionary")]
    public Value Input { get; init; }

    [FlowInput("Fields of the record to set before the gate looks, by name.", Hint = "dictionary")]
    public Value Changes { get; init; }

    [FlowInput("Why, for history.", Hint = "multiline")]
    public string? Reason { get; init; }

    [FlowInput("The version the project has to be at; any, when it is not given.")]
    public int? ExpectedVersion { get; init; }

    [FlowInput("The roles the system acts in; none, when they are not given.", LendsRoles = true)]
    public Value Roles { get; init; }

    [FlowOutput("The step the project is in now.")]
    public string? Step { get; private set; }

    [FlowOutput("The version it is at now.")]
    public int? CurrentVersion { get; private set; }

    [FlowOutput("Every reason of a refusal: key, message, values, fixes.")]
    public Value Reasons { get; private set; }

    [FlowOutput("The fewest changes that would unblock it, where some are known.")]
    public Value Fix { get; private set; }

    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        if (await Projects.FindAsync(host, flow, Project, Subject, ct) is not { } found) return new ActivityResult.Completed("NotFound");
        var command = new MoveCommand(found.Id, Transition, Projects.Actor(Roles))
        {
            ExpectedVersion = ExpectedVersion,
            Input = Projects.Members(Input, "input"),
            Changes = Projects.Members(Changes, "changes"),
            Reason = Reason,
            IdempotencyKey = flow.IdempotencyKey,
            Cause = flow.Cause,
        };
        switch (await Projects.AskAsync(host, () => engine.MoveAsync(command, ct), ct))
        {
            case MoveResult.Moved moved:
                (Step, CurrentVersion) = (moved.To, moved.Version);
                return new ActivityResult.Completed("Moved");
            case MoveResult.Refused refused:
                (Step, CurrentVersion, Reasons, Fix) = (refused.Step, refused.Version, Projects.Reasons(refused.Reasons), Projects.Fix(refused));
                return new ActivityResult.Completed("Refused");
            case MoveResult.Conflict conflict:
                (Step, CurrentVersion) = (found.Step, conflict.CurrentVersion);
                return new ActivityResult.Completed("Conflict");
            default:
                return new ActivityResult.Completed("NotFound");
        }
    }
}
