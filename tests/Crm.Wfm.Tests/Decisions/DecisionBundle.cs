using Crm.Wfm.Bundles;
using Crm.Wfm.Decisions;
using Crm.Wfm.Rules;
using Crm.Wfm.Tests.Bundles;

namespace Crm.Wfm.Tests.Decisions;

/// <summary>A small bundle with one decision, <c>it</c>.</summary>
internal static class DecisionBundle
{
    public const string It = "/decisions/it";

    /// <summary>A table over <c>a</c> (a number, or nothing) and <c>b</c> (a text), which are members of the entity.</summary>
    public static string Table(string policy, string rows, string more = "") => $$$"""
        {
          "kind": "table",
          "inputs": [
            {"key": "a", "value": {"var": "entity.a"}, "schema": {"type": ["number", "null"]}},
            {"key": "b", "value": {"var": "entity.b"}, "schema": {"type": "string"}}
          ],
          "outputs": [{"key": "out", "schema": {"type": ["number", "string", "boolean", "null"]}}],
          "hitPolicy": "{{{policy}}}",
          "rows": [{{{rows}}}]{{{Also(more)}}}
        }
        """;

    /// <summary>A table with one input <c>a</c> of a schema.</summary>
    public static string Column(string schema, string policy, string rows, string more = "") => $$$"""
        {
          "kind": "table", "inputs": [{"key": "a", "value": {"var": "entity.a"}, "schema": {{{schema}}} }],
          "outputs": [{"key": "out", "schema": {"type": ["number", "string", "null"]}}],
          "hitPolicy": "{{{policy}}}", "rows": [{{{rows}}}]{{{Also(more)}}}
        }
        """;

    private static string Also(string more) => more.Length > 0 ? ", " + more : "";

    public static BundleReading Reading(string decision) =>
        Samples.Reading(Samples.Small().With("/subjects/other/schema", """{"type": "object"}""").With(It, decision));

    public static Decision Read(string decision)
    {
        var reading = Reading(decision);
        reading.Faults.ShouldBeEmpty();
        return reading.Bundle!.Decisions["it"];
    }

    public static Value Ask(Decision decision, string entity)
    {
        var result = decision.Evaluate(Facts(entity));
        result.Error.ShouldBe(Value.Null);
        return result.Outputs;
    }

    public static Value Facts(string entity) => Value.Parse($$$"""{"entity": {{{entity}}}, "now": "2026-03-31T12:00:00.000Z"}""");
}
