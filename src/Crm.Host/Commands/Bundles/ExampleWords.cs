using Crm.Wfm.Rules;

namespace Crm.Host.Commands;

/// <summary>Tells the example of a finding in a line.</summary>
internal static class ExampleWords
{
    /// <summary>Writes it in words; <c>null</c> where there is none that is a test.</summary>
    public static string? Of(Value example)
    {
        if (example["steps"].AsList is not { Length: > 0 } acts) return null;
        var entity = example["given"]["entity"];
        return $"for example in '{example["given"]["step"].AsText}'{(entity.AsObject is { Count: > 0 } ? $" with {entity}" : "")}: {string.Join("; ", acts.ToArray().Select(Act))}";
    }

    private static string Act(Value act)
    {
        var expect = act["expect"];
        if (act["do"].AsText is not { } transition) return $"{Who(act["as"])} can take {List(expect["available"]) ?? "nothing"}";
        var with = string.Concat(new[] { act["changes"], act["input"] }.Where(v => v.AsObject is { Count: > 0 }).Select(v => $" with {v}"));
        return $"{Who(act["as"])} takes '{transition}'{with}: {(List(expect["blockedBy"]) is { } reasons ? "refused by " + reasons : $"comes to '{expect["step"].AsText}'")}{(List(expect["warnings"]) is { } warned ? ", warned by " + warned : "")}";
    }

    private static string Who(Value actor) => List(actor["roles"]) ?? List(actor["relations"]) ?? "anybody";

    private static string? List(Value texts) => texts.AsList.Length == 0 ? null : string.Join(", ", texts.AsList.ToArray().Select(t => t.AsText));
}
