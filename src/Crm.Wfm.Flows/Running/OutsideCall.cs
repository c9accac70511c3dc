using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Expressions;
using Crm.Wfm.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Running;

/// <summary>Runs an activity that speaks with the outside, between two bursts, without a transaction.</summary>
internal static class OutsideCall
{
    /// <summary>Calls it; a failure is a result.</summary>
    public static async Task<CallResult> CallAsync(RunState run, Execution execution, BurstSettings settings, CancellationToken ct)
    {
        var (node, began) = (execution.Node, settings.Time.GetTimestamp());
        using var span = FlowTelemetry.StartCall(run, execution);
        var flow = new FlowContext(new FlowScope(run, execution, settings.Now, settings.Param), node, execution.Id, execution.Attempt);
        try
        {
            var activity = (IFlowActivity)settings.Services.GetRequiredService(node.Descriptor!.Class);
            node.SetInputs(activity, execution.Inputs);
            var result = await Patience.ActAsync(token => activity.RunAsync(flow, token), isTrusted: false, node.Timeout ?? settings.Timeout, ct);
            var outputs = new FactObjectBuilder();
            foreach (var output in node.Descriptor.Outputs) outputs[output.Name] = OutputValues.Of(output.Property.GetValue(activity));
            var given = Value.From(outputs.Build());
            if (Sizes.Of(given, run.MaxKept) > run.MaxKept) throw new FlowException($"it gives out more than {run.MaxKept} characters") { IsFinal = true };
            return new(result, given, Failure: null, settings.Time.GetElapsedTime(began));
        }
        catch (TookTooLong) when (flow.Takes(Outcomes.Timeout))
        {
            return new(new ActivityResult.Completed(Outcomes.Timeout), Value.From(FactObject.Empty), Failure: null, settings.Time.GetElapsedTime(began));
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return Failed(e);
        }

        CallResult Failed(Exception e)
        {
            FlowTelemetry.Fail(span, e);
            return new(Result: null, Value.From(FactObject.Empty), e, settings.Time.GetElapsedTime(began));
        }
    }
}
