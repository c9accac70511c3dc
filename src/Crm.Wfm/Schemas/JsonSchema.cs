using Crm.Wfm.Rules;

namespace Crm.Wfm.Schemas;

/// <summary>A JSON Schema of the 2020-12 subset this package understands.</summary>
public sealed class JsonSchema
{
    private JsonSchema(Value source) => Source = source;

    /// <summary>Gets the schema as JSON.</summary>
    public Value Source { get; }

    /// <summary>Reads a schema; a keyword outside the subset is a fault with its pointer relative to the schema.</summary>
    /// <returns>The schema, or <c>null</c> when faults were added.</returns>
    public static JsonSchema? Read(Value source, ICollection<Fault> faults) => throw new NotImplementedException();

    /// <summary>Validates a value; the faults' pointers are relative to it. Empty when it conforms.</summary>
    public IReadOnlyList<Fault> Validate(Value value) => throw new NotImplementedException();

    /// <summary>Finds the schema of the member at a JSON Pointer by following <c>properties</c>, <c>items</c> and local <c>$ref</c>; <c>null</c> when it says nothing of it.</summary>
    public JsonSchema? At(string pointer) => throw new NotImplementedException();
}
