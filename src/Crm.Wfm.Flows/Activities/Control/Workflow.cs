using Crm.Wfm.Flows.Running;

namespace Crm.Wfm.Flows.Activities;

/// <summary>The flow itself, around its root; completed by the burst, which knows it by its flow.</summary>
[FlowActivity("Elsa.Workflow", "Workflows", "A flow.", Ports = ["root"], IsBrowsable = false)]
internal sealed class Workflow : Container
{
    public override void Start(ContainerContext at) => at.Schedule(at.Node.Children[0]);

    public override void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes) => at.Complete();
}
