using System.Diagnostics.CodeAnalysis;

namespace Crm.Wfm.Flows.Activities;

/// <summary>The activities flows can use: the package's own and those the host registered.</summary>
public sealed class ActivityCatalog
{
    internal static readonly Type[] BuiltIn =
    [
        typeof(Workflow), typeof(Flowchart), typeof(Sequence), typeof(Parallel), typeof(PlainContainer), typeof(NodeContainer), typeof(Fork),
        typeof(While), typeof(For), typeof(ForEach), typeof(ParallelForEach), typeof(If), typeof(Switch),
        typeof(Start), typeof(End), typeof(Finish), typeof(Complete), typeof(Break), typeof(FlowDecision), typeof(FlowSwitch), typeof(FlowFork), typeof(FlowJoin), typeof(Fault),
        typeof(SetVariable), typeof(SetOutput), typeof(SetName), typeof(Correlate), typeof(WriteLine), typeof(RunJavaScript),
        typeof(Delay), typeof(StartAt), typeof(Timer), typeof(Cron), typeof(EventTrigger),
        typeof(ExecuteWorkflow), typeof(DispatchWorkflow), typeof(BulkDispatchWorkflows), typeof(PublishEvent), typeof(RunTask),
        typeof(MoveProject), typeof(StartProject), typeof(WaitForMove), typeof(EvaluateRule), typeof(DecisionTable), typeof(RequestApproval),
        typeof(HttpEndpoint), typeof(WriteHttpResponse), typeof(SendHttpRequest), typeof(FlowSendHttpRequest), typeof(SendWebhook), typeof(SendEmail), typeof(ElsaSendEmail), typeof(AskAI),
    ];

    private readonly Dictionary<string, ActivityDescriptor> _byType = new(StringComparer.Ordinal);

    /// <summary>Describes the package's own activities and these classes.</summary>
    /// <param name="classes">Classes with a <see cref="FlowActivityAttribute"/>.</param>
    /// <exception cref="ArgumentException">A class is no activity, or two have one type.</exception>
    public ActivityCatalog(IEnumerable<Type> classes)
    {
        foreach (var descriptor in BuiltIn.Concat(classes).Select(ActivityDescriptor.Of))
        {
            if (!_byType.TryAdd(descriptor.Type, descriptor)) throw new ArgumentException($"{descriptor.Class} and {_byType[descriptor.Type].Class} are both the activity {descriptor.Type}.", nameof(classes));
        }
    }

    /// <summary>Gets all of them, by type.</summary>
    public IReadOnlyCollection<ActivityDescriptor> All => _byType.Values;

    /// <summary>Finds an activity by the type flows write.</summary>
    public bool TryFind(string type, [NotNullWhen(true)] out ActivityDescriptor? descriptor) => _byType.TryGetValue(type, out descriptor);
}

/// <summary>An activity the host registered.</summary>
internal sealed record FlowActivityRegistration(Type Class);
