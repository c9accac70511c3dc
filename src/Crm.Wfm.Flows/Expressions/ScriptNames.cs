using System.Collections.Frozen;
using Crm.Wfm.Flows.Definitions;

namespace Crm.Wfm.Flows.Expressions;

/// <summary>What the names of Elsa's accessors mean: <c>getTotal</c>, <c>setTotal</c>, <c>getResultFromAsk</c>.</summary>
internal static class ScriptNames
{
    /// <summary>The functions that have one name in every flow.</summary>
    public static readonly FrozenSet<string> Functions = FrozenSet.ToFrozenSet(
    [
        "getVariable", "setVariable", "getInput", "getOutputFrom", "getLastResult",
        "getWorkflowInstanceId", "getWorkflowDefinitionId", "getWorkflowDefinitionVersionId", "getWorkflowDefinitionVersion",
        "getCorrelationId", "setCorrelationId", "getWorkflowInstanceName", "setWorkflowInstanceName",
        "isNullOrEmpty", "isNullOrWhiteSpace", "toJson", "parseGuid", "newGuid", "newGuidString", "getGuidString", "newShortGuid", "getShortGuid",
        "bytesToString", "bytesFromString", "bytesToBase64", "bytesFromBase64", "stringToBase64", "stringFromBase64",
    ]);

    /// <summary>Tells whether a name can only be an accessor's.</summary>
    public static bool IsAccessor(string name) =>
        name.Length > 3 && (name.StartsWith("get", StringComparison.Ordinal) || name.StartsWith("set", StringComparison.Ordinal)) && char.IsUpper(name[3]) && !Functions.Contains(name) && name is not ("setOutcome" or "setOutcomes" or "setTimeout" or "setInterval");

    /// <summary>Gets what an accessor speaks of.</summary>
    public static string Rest(string accessor) => accessor[3..];

    /// <summary>Tells whether a part of an accessor means this name: as it is, or with a capital first letter and without what no identifier has.</summary>
    public static bool Means(string part, string name) => part == name || part == Pascal(name);

    /// <summary>Finds the activity and the output that <c>ResultFromAsk</c> speaks of.</summary>
    public static (string Activity, string Output)? Output(string part, IEnumerable<ActivityDefinition> activities)
    {
        for (var at = part.IndexOf("From", 1, StringComparison.Ordinal); at > 0; at = part.IndexOf("From", at + 1, StringComparison.Ordinal))
        {
            var activity = part[(at + 4)..];
            if (activities.FirstOrDefault(a => Means(activity, a.Name) || Means(activity, a.Id)) is { } found) return (found.Name, part[..at]);
        }

        return null;
    }

    // As Elsa does: each word begins with a capital letter, and what stands between words is left out.
    private static string Pascal(string name)
    {
        var pascal = new System.Text.StringBuilder(name.Length);
        var isNew = true;
        foreach (var character in name)
        {
            if (character is ' ' or '_' or '-') isNew = true;
            else
            {
                pascal.Append(isNew ? char.ToUpperInvariant(character) : character);
                isNew = false;
            }
        }

        return pascal.ToString();
    }
}
