using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Host.Replay;

/// <summary>How a log speaks of a bundle's process: its only project type, and which activity stands for which step.</summary>
internal sealed class LogMapping
{
    private readonly Dictionary<string, string> _steps = [];
    private readonly Value _fields;

    private LogMapping(Bundle bundle, ProjectType type)
    {
        (Type, Workflow) = (type, bundle.Workflows[type.Workflow]);
        _fields = bundle.Subjects.GetValueOrDefault(type.Subject)?.Source["properties"] ?? Value.Null;
        foreach (var step in Workflow.Steps)
        {
            // A status names the log's activity by the extension x-activity; without it the step's key has to be the activity.
            _steps[bundle.Document["statuses"][step.Status.Key]["x-activity"].AsText ?? step.Key] = step.Key;
        }
    }

    public ProjectType Type { get; }

    public Workflow Workflow { get; }

    public static LogMapping Of(Bundle bundle) => bundle.ProjectTypes.Values.ToList() is [var only]
        ? new(bundle, only)
        : throw new InvalidDataException($"A bundle to replay has one project type; {bundle.Key} has {bundle.ProjectTypes.Count}.");

    /// <summary>Finds the transition that leads from a step to the one an activity stands for; <c>null</c> when there is none.</summary>
    public string? Transition(string from, string activity) => _steps.TryGetValue(activity, out var to)
        ? Workflow.Transitions.FirstOrDefault(t => t.To == to && t.Leaves(from))?.Key
        : null;

    public bool IsStart(string activity) => _steps.GetValueOrDefault(activity) == Workflow.Initial.Key;

    /// <summary>Makes a record's fields of a case's attributes, by the types the bundle's schema has.</summary>
    public JsonObject Fields(IReadOnlyDictionary<string, string> attributes)
    {
        var fields = new JsonObject();
        foreach (var (name, text) in attributes.Where(a => a.Value.Length > 0))
        {
            fields[name] = _fields[name]["type"].AsText is "number" or "integer" && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : text;
        }

        return fields;
    }
}
