using System.Collections;
using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles;

/// <summary>Turns a workflow's draft without faults into its record.</summary>
internal sealed class WorkflowModel(BundleDraft draft, WorkflowDraft workflow, IReadOnlyDictionary<string, Status> statuses, Value parameters, Func<Member, Text?> text)
{
    private readonly string[] _stepKeys = [.. workflow.Steps.Select(step => WorkflowDraft.KeyOf(step)!)];

    public Workflow Build()
    {
        var order = _stepKeys.Index().ToDictionary(s => s.Item, s => s.Index);
        return new Workflow
        {
            Key = workflow.Place.Name,
            Title = text(workflow.Place["title"]),
            Steps = [.. workflow.Steps.Select(ReadStep)],
            Transitions = [.. workflow.Transitions.Select(t => ReadTransition(t, order)).OrderBy(t => order[t.To]).ThenBy(t => t.Key, StringComparer.Ordinal)],
            Params = parameters,
            Subjects = workflow.Subjects,
            Fields = workflow.Fields,
            Decisions = draft.Root["decisions"].Members().ToDictionary(d => d.Name, d => draft.Decisions[d.Name]!),
        };
    }

    private Step ReadStep(Member step) => new()
    {
        Key = WorkflowDraft.KeyOf(step)!,
        Status = statuses[step["status"].Text!],
        Initial = step["initial"].Value.AsBoolean,
        Final = step["final"].Value.AsBoolean,
        Probability = step.Has("probability") ? step["probability"].Value.AsNumber : null,
        WipLimit = step.Has("wipLimit") ? (int)step["wipLimit"].Value.AsNumber : null,
        ExitCriteria = Guards(step["exitCriteria"]),
        Guidance = text(step["guidance"]),
        RotAfter = IsoDuration.Parse(step["rotAfter"].Text),
    };

    private Transition ReadTransition(Member transition, Dictionary<string, int> order) => new()
    {
        Key = transition.Name,
        Title = text(transition["title"]),
        From = transition["from"].Text == "*" ? new EveryStepBut(_stepKeys, order[transition["to"].Text!]) : Texts(transition["from"]),
        To = transition["to"].Text!,
        Trigger = transition["trigger"].Text is { } trigger ? Enum.Parse<TransitionTrigger>(trigger, ignoreCase: true) : TransitionTrigger.Manual,
        Allow = [.. transition["allow"].Items().Select(a => new Allowance(Texts(a["roles"]), Texts(a["relations"])))],
        Conditions = Guards(transition["conditions"]),
        Input = draft.Schema(transition["input"]),
        Validators = Guards(transition["validators"]),
        Approvals = transition.Has("approvals") ? ReadApprovals(transition["approvals"]) : null,
        PostActions = [.. transition["postActions"].Items().Select(ReadAction)],
        NotSameActorAs = Texts(transition["notSameActorAs"]),
    };

    private static Approvals ReadApprovals(Member approvals) =>
        new((int)approvals["quorum"].Value.AsNumber, Texts(approvals["roles"]), IsoDuration.Parse(approvals["expiresAfter"].Text));

    private PostAction ReadAction(Member action) =>
        new(action["do"].Text!, Rule(action, "when"), action["target"].Text, Rule(action, "value"), action.Value);

    private Guard[] Guards(Member guards) =>
    [
        .. guards.Members().Select(guard =>
            new Guard(guard.Name, draft.Rule(guard["rule"])!, text(guard["message"])!, guard["severity"].Text == "warning", Texts(guard["fixes"]))),
    ];

    private Rule? Rule(Member owner, string name) => owner.Has(name) ? draft.Rule(owner[name]) : null;

    private static string[] Texts(Member list) => [.. list.Items().Select(item => item.Text!)];
}

/// <summary>What <c>"from": "*"</c> means. Shares the steps with every other such transition: a thousand on a thousand steps would be a million.</summary>
internal sealed class EveryStepBut(string[] steps, int target) : IReadOnlyList<string>
{
    public int Count => steps.Length - 1;

    public string this[int index] => steps[index < target ? index : index + 1];

    public IEnumerator<string> GetEnumerator() => steps.Where((_, i) => i != target).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
