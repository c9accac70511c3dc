using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Subjects;

/// <summary>The JSON Schema of a typed facts record, in the subset the package reads.</summary>
internal static class FactsSchema
{
    public static JsonSchema? Of(Type facts)
    {
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            // The exporter says nothing of times written by our own converters.
            TransformSchemaNode = (context, schema) =>
                (Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type) is var type && (type == typeof(DateTimeOffset) || type == typeof(DateTime))
                    ? new JsonObject { ["type"] = type == context.TypeInfo.Type ? "string" : new JsonArray("string", "null"), ["format"] = "date-time" }
                    : schema,
        };
        var node = FactsJson.Options.GetJsonSchemaAsNode(facts, options);
        var faults = new List<Fault>();
        return JsonSchema.Read(Value.From(node), faults)
            ?? throw new NotSupportedException($"The facts {facts.Name} have a schema beyond what rules can use: {faults[0].Pointer} {faults[0].Message}");
    }
}
