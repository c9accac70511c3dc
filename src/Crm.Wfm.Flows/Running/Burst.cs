using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Expressions;
using Crm.Wfm.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Running;

/// <summary>
/// Runs what is to run of a run, until nothing is left but what waits. Everything an activity does in the database happens in the transaction at hand. Activities that speak
/// with the outside are only made ready (<see cref="Calls"/>): they are called after what came before was committed, and their results are taken by the next burst.
/// </summary>
internal sealed class Burst(RunState run, BurstSettings settings)
{
    /// <summary>The member of a container's state that says that a <c>Break</c> ends it.</summary>
    public const string Breaking = "breaking";

    private const int MaxComposites = 32;

    public RunState Run => run;

    public DateTimeOffset Now => settings.Now;

    /// <summary>Gets what is to be called once this burst is committed.</summary>
    public IReadOnlyList<Execution> Calls => [.. run.Executions.Where(e => e.Status == ExecutionStatus.Calling)];

    /// <summary>Looks at the run from an execution.</summary>
    public FlowScope Scope(Execution? at) => new(run, at, settings.Now, settings.Param);

    /// <summary>Makes the container of an execution, with the inputs it started with.</summary>
    public static Container ContainerOf(Execution execution)
    {
        if (execution.Node.HasAnswers) return new Answers();
        var container = (Container)Activator.CreateInstance(execution.Node.Descriptor!.Class)!;
        execution.Node.SetInputs(container, execution.Inputs);
        return container;
    }

    /// <summary>Puts the flow itself to be run, with its inputs in place of their defaults.</summary>
    public void Begin(Flow flow)
    {
        foreach (var input in flow.Definition.Inputs)
        {
            var given = run.Input.GetValueOrDefault(input.Name);
            run.Input[input.Name] = given.IsNull ? input.Default : Definitions.TypeNames.Convert(given, input.TypeName, input.IsArray) ?? throw new FlowException($"{input.Name} is no {input.TypeName}");
        }

        var workflow = run.Add(flow.Workflow, parent: null, flow);
        workflow.Variables = Initial(flow.Definition.Variables);
        run.Queue.Enqueue(new(flow.Workflow.Children[0], workflow));
    }

    /// <summary>Runs until nothing is left but what waits, and says what the run is by then.</summary>
    public async Task ContinueAsync(CancellationToken ct)
    {
        while (run.Status is RunStatus.Pending or RunStatus.Suspended && run.Queue.TryDequeue(out var work))
        {
            var execution = run.Add(work.Node, work.Parent);
            execution.IsAgain = work.IsAgain;
            execution.Variables = Initial(work.Node.Definition.Variables, work.Variables);
            await StartAsync(execution, ct);
        }

        if (run.Status is RunStatus.Pending or RunStatus.Suspended) run.Status = Outcome();
    }

    /// <summary>Lets an execution go on whose time has come, or that a signal reached; one that no longer waits for it stays as it is.</summary>
    /// <returns>Whether it had waited for that.</returns>
    public async Task<bool> ResumeAsync(Execution execution, Happened happened, CancellationToken ct)
    {
        if (execution.Status == ExecutionStatus.Retrying)
        {
            execution.Waits = [];
            execution.Status = ExecutionStatus.Open;
            execution.Attempt++;
            await StartAsync(execution, ct);
            return true;
        }

        if (execution.Status != ExecutionStatus.Waiting) return false;
        execution.Waits = [];
        execution.Status = ExecutionStatus.Open;
        await AttemptAsync(execution, token => RunAgainAsync(execution, happened, token), ct);
        return true;
    }

    /// <summary>Takes what came of calling the outside.</summary>
    public async Task TakeAsync(Execution execution, CallResult result, CancellationToken ct)
    {
        if (execution.Status != ExecutionStatus.Calling) return;
        execution.Status = ExecutionStatus.Open;
        if (result.Failure is { } failure) Fail(execution, failure, result.Duration);
        else await AttemptAsync(execution, _ =>
        {
            var outputs = execution.Node.Take(result.Outputs, Scope(execution));
            if (execution.Node.HasAnswers && result.Result is ActivityResult.Completed completed) Answer(execution, completed.Outcomes, outputs, result.Duration);
            else Settle(execution, result.Result!, outputs, result.Duration);
            return Task.CompletedTask;
        }, ct);
    }

    /// <summary>Runs an activity that failed for good once more.</summary>
    public async Task RetryAsync(Execution execution, CancellationToken ct)
    {
        execution.Status = ExecutionStatus.Open;
        execution.Attempt = 1;
        run.Status = RunStatus.Pending;
        await StartAsync(execution, ct);
    }

    /// <summary>Runs again from an activity on: what goes on ends, variables and outputs stay as they are. That it can be is known: see <see cref="Reruns"/>.</summary>
    public void Rerun(Flow flow, FlowNode from)
    {
        var before = run.Executions.ToList();
        var variables = before.Find(e => e.Parent is null)?.Variables ?? run.Kept ?? Initial(flow.Definition.Variables);
        run.Executions.Clear();
        run.Queue.Clear();
        (run.Kept, run.Steps, run.Status) = (null, 0, RunStatus.Pending);
        var at = run.Add(flow.Workflow, parent: null, flow);
        at.Variables = variables;
        foreach (var (container, child) in Reruns.Path(from))
        {
            var was = before.Find(e => e.Node == container);
            at = run.Add(container, at);
            at.Variables = was?.Variables ?? Initial(container.Definition.Variables);
            at.Inputs = container.Evaluate(Scope(at));
            at.State = was?.State ?? Value.Null;
            ContainerOf(at).StandAt(new(this, at), child);
        }

        run.Queue.Enqueue(new(from, at));
    }

    /// <summary>Ends an execution, and everything within it, without outcome.</summary>
    public void Cancel(Execution execution)
    {
        Note(execution, JournalKind.Cancelled);
        Remove(execution);
    }

    /// <summary>Completes an execution, ends what still goes on within it, and lets what is around it go on.</summary>
    public void Complete(Execution execution, IReadOnlyList<string> outcomes, Value outputs, TimeSpan duration = default)
    {
        Note(execution, JournalKind.Completed, outcomes, outputs, duration: duration);
        Remove(execution);
        if (execution.Parent is not { } parent || !run.Executions.Contains(parent)) return;
        if (parent.Flow is not null) CompleteComposite(parent, ["Done"]);
        else ContainerOf(parent).Completed(new(this, parent), execution, outcomes);
    }

    private async Task StartAsync(Execution execution, CancellationToken ct) => await AttemptAsync(execution, token => BeginAsync(execution, token), ct);

    private async Task BeginAsync(Execution execution, CancellationToken ct)
    {
        if (++run.Steps > settings.MaxSteps) throw new RunawayException($"The run was ended after {settings.MaxSteps} activities: does a loop have no way out?");
        var node = execution.Node;
        if (node.Descriptor is null)
        {
            await CallFlowAsync(execution, ct);
            return;
        }

        execution.Inputs = run.Fit(node.Evaluate(Scope(execution)));
        if (node.IsOutside) execution.Status = ExecutionStatus.Calling;
        else if (node.IsContainer) ContainerOf(execution).Start(new(this, execution));
        else await RunActivityAsync(execution, (activity, flow, token) => activity.RunAsync(flow, token), ct);
    }

    private Task RunAgainAsync(Execution execution, Happened happened, CancellationToken ct)
    {
        if (!execution.Node.IsContainer) return ResumeActivityAsync(execution, happened, ct);
        ContainerOf(execution).Resumed(new(this, execution), happened);
        return Task.CompletedTask;
    }

    private Task ResumeActivityAsync(Execution execution, Happened happened, CancellationToken ct) =>
        RunActivityAsync(execution, (activity, flow, token) => activity is IResumableActivity resumable ? resumable.ResumeAsync(flow, happened, token) : Task.FromResult(ActivityResult.Done), ct);

    private async Task RunActivityAsync(Execution execution, Func<IFlowActivity, FlowContext, CancellationToken, Task<ActivityResult>> act, CancellationToken ct)
    {
        var (node, scope, began) = (execution.Node, Scope(execution), settings.Time.GetTimestamp());
        using var span = FlowTelemetry.StartActivity(run, execution);
        var activity = (IFlowActivity)settings.Services.GetRequiredService(node.Descriptor!.Class);
        node.SetInputs(activity, execution.Inputs);
        var flow = new FlowContext(scope, node, execution.Id, execution.Attempt) { State = execution.State };
        ActivityResult result;
        try
        {
            result = await Patience.ActAsync(token => act(activity, flow, token), node.IsPure, node.Timeout ?? settings.Timeout, ct);
            if (!node.IsPure) await settings.SaveAsync(ct);
        }
        catch (Exception e)
        {
            FlowTelemetry.Fail(span, e);
            throw;
        }

        execution.State = run.Fit(flow.State);
        Settle(execution, result, node.TakeOutputs(activity, scope), settings.Time.GetElapsedTime(began));
    }

    private void Settle(Execution execution, ActivityResult result, Value outputs, TimeSpan duration)
    {
        switch (result)
        {
            case ActivityResult.Completed completed:
                if (completed.Outcomes.FirstOrDefault(o => !IsOutcome(execution.Node, o)) is { } unknown) throw new FlowException($"{execution.Node.Definition.Type} has no outcome {unknown}");
                Complete(execution, completed.Outcomes, outputs, duration);
                break;
            case ActivityResult.Suspended suspended:
                if (suspended.Waits.OfType<Wait.For>().FirstOrDefault(w => !w.IsNamed) is { } unnamed) throw new FlowException($"a signal's name has 1 to {Wait.For.MostCharacters} characters, and no NUL: {unnamed.Signal.Length} were given");
                execution.Status = ExecutionStatus.Waiting;
                execution.Waits = [.. suspended.Waits];
                Note(execution, JournalKind.Suspended, [], outputs, Describe(suspended.Waits), duration);
                break;
            case ActivityResult.CompositeCompleted composite:
                Note(execution, JournalKind.Completed, composite.Outcomes, outputs, duration: duration);
                var around = Ancestors(execution).First(e => e.Flow is not null);
                Remove(execution);
                CompleteComposite(around, composite.Outcomes);
                break;
            case ActivityResult.Broken:
                foreach (var ancestor in Ancestors(execution).Skip(1).TakeWhile(e => e.Flow is null))
                {
                    ancestor.State = Value.From((ancestor.State.AsObject ?? FactObject.Empty).With(Breaking, Value.True));
                    if (ancestor.Node.Descriptor!.Class.IsSubclassOf(typeof(Loop))) break;
                }

                Complete(execution, ["Done"], outputs, duration);
                break;
            case ActivityResult.Ended:
                Note(execution, JournalKind.Completed, [], outputs, duration: duration);
                run.End();
                break;
        }
    }

    // What came of speaking with the outside decides which of the activities runs that lie within.
    private void Answer(Execution execution, IReadOnlyList<string> outcomes, Value outputs, TimeSpan duration)
    {
        execution.State = Value.From([.. outcomes.Select(Value.From)]);
        Note(execution, JournalKind.Answered, outcomes, outputs, duration: duration);
        ContainerOf(execution).Start(new(this, execution));
    }

    private async Task CallFlowAsync(Execution execution, CancellationToken ct)
    {
        if (Ancestors(execution).Count(e => e.Flow is not null) > MaxComposites) throw new FlowException($"flows call each other more than {MaxComposites} deep");
        var called = await settings.FindFlow(execution.Node, ct) ?? throw new FlowException($"there is no flow '{execution.Node.Definition.Type}' to run here");
        var inputs = execution.Node.Inputs(called.Definition, Scope(execution));
        run.Executions.Remove(execution);
        var composite = new Execution
        {
            Id = execution.Id, Node = execution.Node, Parent = execution.Parent, Flow = called, IsAgain = execution.IsAgain, Attempt = execution.Attempt,
            Inputs = inputs, Variables = Initial(called.Definition.Variables),
        };
        run.Executions.Add(composite);
        run.Queue.Enqueue(new(called.Workflow.Children[0], composite));
    }

    private void CompleteComposite(Execution composite, IReadOnlyList<string> outcomes)
    {
        if (composite.Parent is null)
        {
            // Once the state is gone, the journal alone says with what the run began.
            composite.Inputs = Object(run.Input);
            Note(composite, JournalKind.Completed, outcomes, Object(run.Output));
            run.End();
            return;
        }

        var given = Object(composite.Outputs ?? []);
        var outputs = composite.Node.Take(given, Scope(composite.Parent));
        Complete(composite, outcomes.Count == 0 ? ["Done"] : outcomes, outputs);
    }

    /// <summary>Runs a piece of an execution so that, when it fails, nothing it wrote is left.</summary>
    private async Task AttemptAsync(Execution execution, Func<CancellationToken, Task> piece, CancellationToken ct)
    {
        var (began, sent) = (settings.Time.GetTimestamp(), run.Sent);
        try
        {
            if (execution.Node.IsPure) await piece(ct);
            else await settings.IsolateAsync(piece, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && !settings.IsLost(e))
        {
            run.Sent = sent;
            Fail(execution, e, settings.Time.GetElapsedTime(began));
        }
    }

    // Whatever failed: it waits for its next try, or takes the way drawn for that, or the run is faulted, or the other branches go on without it.
    private void Fail(Execution execution, Exception failure, TimeSpan duration)
    {
        if (!run.Executions.Contains(execution)) run.Executions.Add(execution);
        foreach (var inner in run.Executions.Where(e => e != execution && e.IsWithin(execution)).ToList()) Remove(inner);
        var (retry, message) = (execution.Node.Retry ?? settings.Retry, Failures.Text(failure));
        run.Add(new Incident(execution.Id, execution.Node.Definition.NodeId, execution.Node.Definition.Type, message, settings.Now, execution.Attempt));
        if (failure is not (RunawayException or DrawnFault or FlowException { IsFinal: true }) && retry.WaitAfter(execution.Attempt) is { } wait)
        {
            execution.Status = ExecutionStatus.Retrying;
            execution.Waits = [new Wait.Until(settings.Now + wait)];
            Note(execution, JournalKind.Retrying, message: message, duration: duration);
        }
        else
        {
            Note(execution, JournalKind.Faulted, message: message, duration: duration);
            if (failure is not RunawayException && HasWayOut(execution)) Complete(execution, [Outcomes.Failed], execution.Node.Take(Object([("message", Value.From(message))]), Scope(execution)), duration);
            else
            {
                execution.Status = ExecutionStatus.Faulted;
                if (failure is RunawayException || settings.Strategy == IncidentStrategy.Fault) run.Status = RunStatus.Faulted;
            }
        }
    }

    private static bool HasWayOut(Execution execution) =>
        execution.Parent?.Node.Definition.Connections.Any(c => c.Source == execution.Node.Definition.Id && c.Port == Outcomes.Failed) == true;

    private static bool IsOutcome(FlowNode node, string outcome) => node.Descriptor?.IsTerminal == true || node.Outcomes is not { } outcomes || outcomes.Contains(outcome);

    private RunStatus Outcome() =>
        run.Executions.Exists(e => e.Status is ExecutionStatus.Waiting or ExecutionStatus.Calling or ExecutionStatus.Retrying) ? RunStatus.Suspended
        : run.Executions.Exists(e => e.Status is ExecutionStatus.Faulted) ? RunStatus.Faulted
        : RunStatus.Finished;

    private void Remove(Execution execution)
    {
        var kept = run.Queue.Where(w => !w.Parent.IsWithin(execution)).ToList();
        if (kept.Count < run.Queue.Count)
        {
            run.Queue.Clear();
            foreach (var work in kept) run.Queue.Enqueue(work);
        }

        run.Executions.RemoveAll(e => e.IsWithin(execution));
    }

    private void Note(Execution execution, JournalKind kind, IReadOnlyList<string>? outcomes = null, Value outputs = default, string? message = null, TimeSpan duration = default) =>
        run.Note(new(execution.Id, execution.Node.Definition.NodeId, execution.Node.Definition.Type, execution.Node.Definition.Name, kind, settings.Now, outcomes ?? [],
            Shown(execution), outputs, message, duration, execution.Parent?.Id ?? 0));

    private static Value Shown(Execution execution)
    {
        var inputs = execution.Inputs;
        foreach (var input in execution.Node.Descriptor?.Inputs ?? [])
            if (input.IsSecret && inputs.AsObject is { } given && !given[input.Name].IsNull) inputs = Value.From(given.With(input.Name, Value.From("***")));
        return inputs;
    }

    private static IEnumerable<Execution> Ancestors(Execution execution)
    {
        for (var at = execution; at is not null; at = at.Parent) yield return at;
    }

    private static Dictionary<string, Value>? Initial(IReadOnlyList<Definitions.FlowVariable> variables, IReadOnlyDictionary<string, Value>? more = null)
    {
        if (variables.Count == 0 && more is null) return null;
        var initial = variables.ToDictionary(v => v.Id, v => v.Default, StringComparer.Ordinal);
        foreach (var (name, value) in more ?? new Dictionary<string, Value>()) initial[name] = value;
        return initial;
    }

    private static string Describe(IReadOnlyList<Wait> waits) => string.Join(", ", waits.Select(w => w switch
    {
        Wait.Until until => $"until {Crm.Wfm.Rules.Value.From(until.Due).AsText}",
        Wait.For signal => $"for {signal.Signal}",
        _ => w.ToString(),
    }));

    private static Value Object(IEnumerable<KeyValuePair<string, Value>> members) => Object(members.Select(m => (m.Key, m.Value)));

    private static Value Object(IEnumerable<(string Name, Value Value)> members)
    {
        var builder = new FactObjectBuilder();
        foreach (var (name, value) in members) builder[name] = value;
        return Value.From(builder.Build());
    }
}

/// <summary>Outcomes every activity has.</summary>
internal static class Outcomes
{
    /// <summary>Taken when an activity failed for good, where a connection leaves it by this port: the way to make good what was done before.</summary>
    public const string Failed = "Failed";

    /// <summary>Taken by an activity that speaks with the outside and has this outcome, when it took too long.</summary>
    public const string Timeout = "Timeout";
}
