using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>An activity that other activities lie in, and that says which of them runs when. Its inputs are computed once, when it starts.</summary>
internal abstract class Container
{
    /// <summary>Begins: schedules what runs first, or completes.</summary>
    public abstract void Start(ContainerContext at);

    /// <summary>Goes on after a child has completed.</summary>
    public abstract void Completed(ContainerContext at, Execution child, IReadOnlyList<string> outcomes);

    /// <summary>Puts its state to what it is when a child is about to run, for who runs a flow again from there on. Only for those of which <see cref="Reruns"/> says that it can be known.</summary>
    public virtual void StandAt(ContainerContext at, FlowNode child) => throw new NotSupportedException();

    /// <summary>Goes on after something happened it waited for.</summary>
    public virtual void Resumed(ContainerContext at, Happened happened)
    {
    }

    /// <summary>Goes on after a child was cancelled.</summary>
    public virtual void Cancelled(ContainerContext at, FlowNode child)
    {
    }
}

/// <summary>A container while it runs.</summary>
internal sealed class ContainerContext(Burst burst, Execution execution)
{
    public FlowNode Node => execution.Node;

    public Execution Execution => execution;

    /// <summary>Gets or sets what the container keeps between two of its turns.</summary>
    public Value State { get => execution.State; set => execution.State = value; }

    /// <summary>Gets whether a <c>Break</c> within it, or further out, ends it.</summary>
    public bool IsBreaking => execution.State.AsObject?.Has(Burst.Breaking) == true;

    /// <summary>Gets the run's id.</summary>
    public Guid Run => burst.Run.Id;

    /// <summary>Gets the id of the trigger the run was started by.</summary>
    public string? Trigger => burst.Run.Trigger;

    /// <summary>Gets whether something within it is still to run, runs, or waits.</summary>
    public bool HasPending => burst.Run.Queue.Any(w => w.Parent.IsWithin(execution)) || burst.Run.Executions.Exists(e => e != execution && e.Status != ExecutionStatus.Faulted && e.IsWithin(execution));

    /// <summary>Gets whether something within it failed for good.</summary>
    public bool HasFaulted => burst.Run.Executions.Exists(e => e.Parent == execution && e.Status == ExecutionStatus.Faulted);

    /// <summary>Gets whether a child is already to run.</summary>
    public bool IsQueued(FlowNode child) => burst.Run.Queue.Any(w => w.Parent == execution && w.Node == child);

    /// <summary>Lets a child run after everything that is already to run.</summary>
    public void Schedule(FlowNode child, IReadOnlyDictionary<string, Value>? variables = null, bool isAgain = false) => burst.Run.Queue.Enqueue(new(child, execution, variables, isAgain));

    /// <summary>Computes one of its inputs anew.</summary>
    public Value Evaluate(string input) => execution.Node.Evaluate(input, burst.Scope(execution));

    /// <summary>Computes one of its inputs anew, with names of its own.</summary>
    public Value Evaluate(string input, IReadOnlyDictionary<string, Value> names) => execution.Node.Evaluate(input, burst.Scope(execution).With(execution.Node, names));

    /// <summary>Starts a run when the burst commits.</summary>
    public Guid Dispatch(NewRunRequest request) => burst.Run.Dispatch(request, burst.Run.Cause, burst.Now);

    /// <summary>Waits, while its children go on; for nothing when there are none.</summary>
    public void Wait(IReadOnlyList<Wait> waits)
    {
        execution.Status = waits.Count == 0 ? ExecutionStatus.Open : ExecutionStatus.Waiting;
        execution.Waits = [.. waits];
    }

    /// <summary>Computes an input of one of its children before that runs.</summary>
    public Value EvaluateOf(FlowNode child, string input) => child.Evaluate(input, burst.Scope(execution));

    /// <summary>Computes an expression its inputs hold.</summary>
    public Value Evaluate(Expressions.Expression expression) => expression.Evaluate(burst.Scope(execution));

    /// <summary>Gives a value out while it goes on.</summary>
    public void Give(string output, Value value) => execution.Node.Take(Value.From(FactObject.Empty.With(output, value)), burst.Scope(execution));

    /// <summary>Cancels the children that go on and are among these.</summary>
    public void Cancel(Func<FlowNode, bool> which)
    {
        foreach (var child in burst.Run.Executions.Where(e => e.Parent == execution && which(e.Node)).ToList())
        {
            burst.Cancel(child);
            if (!burst.Run.Executions.Contains(execution)) return;
            Burst.ContainerOf(execution).Cancelled(this, child.Node);
        }
    }

    /// <summary>Completes it; what still goes on within it is cancelled.</summary>
    public void Complete(params IReadOnlyList<string> outcomes) => burst.Complete(execution, outcomes.Count == 0 ? ["Done"] : outcomes, Value.From(FactObject.Empty));
}
