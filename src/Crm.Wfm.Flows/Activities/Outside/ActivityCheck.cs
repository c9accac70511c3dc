using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>An activity as it was drawn, for <see cref="ICheckedActivity"/>.</summary>
public sealed class ActivityCheck
{
    private readonly FlowNode _node;
    private readonly ICollection<Wfm.Fault> _faults;

    internal ActivityCheck(FlowNode node, ICollection<Wfm.Fault> faults) => (_node, _faults) = (node, faults);

    /// <summary>Gets whether it starts the flow.</summary>
    public bool IsTrigger => _node.Descriptor!.IsTrigger && _node.Definition.CanStart;

    /// <summary>Gets the activity.</summary>
    internal FlowNode Node => _node;

    /// <summary>Gets what an input is where it is literal; null where it is computed, or not given.</summary>
    public Value Known(string input) => _node.Known(input);

    /// <summary>Tells whether an input is given.</summary>
    public bool Has(string input) => !_node.Definition.Source[input].IsNull;

    /// <summary>Says what is wrong with an input.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="key">What kind of fault it is, kebab-case, such as <c>value</c>.</param>
    /// <param name="message">What is wrong, in words.</param>
    public void Fault(string input, string key, string message) => _faults.Add(_node.Definition.Place[input].Fault(key, message));
}

/// <summary>Looks, when a flow is published, at what its activities say of themselves.</summary>
internal static class ActivityChecks
{
    /// <summary>Finds what could never work.</summary>
    public static void Check(Flow flow, ICollection<Wfm.Fault> faults)
    {
        foreach (var node in flow.Nodes) node.Descriptor?.Check?.Invoke(new(node, faults));
    }

    /// <summary>Finds what this host lacks.</summary>
    public static void CheckHost(Flow flow, IServiceProvider services, ICollection<Wfm.Fault> faults)
    {
        foreach (var node in flow.Nodes.Where(n => n.Descriptor?.Class.IsAssignableTo(typeof(IConfiguredActivity)) == true))
        {
            if (services.GetService(node.Descriptor!.Class) is IConfiguredActivity { Missing: { } missing }) faults.Add(node.Definition.Place["type"].Fault("not-configured", missing));
        }
    }
}
