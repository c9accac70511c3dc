using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Subjects;

/// <summary>Checks the fields of a generic record against its bundle's schema.</summary>
internal static class RecordFields
{
    private const string Below = "/fields";

    /// <summary>Members of <c>entity.*</c> that are columns of the record, not fields.</summary>
    private static readonly string[] Columns = ["id", "name", Owner];

    /// <summary>The column the owner is in, which post-actions may set.</summary>
    public const string Owner = "ownerId";

    /// <summary>Tells whether post-actions may set a member of <c>entity.*</c>: fields, and the owner.</summary>
    public static bool CanSet(string name) => name is Owner || !Columns.Contains(name);

    /// <summary>Checks a new record: no columns among its fields, nothing the process alone sets, and together with the columns what the schema asks for.</summary>
    /// <returns>Faults that point below <c>/fields</c>, or to a column.</returns>
    public static IReadOnlyList<Fault> CheckAll(FactObject fields, string name, Guid id, Guid? owner, JsonSchema? schema)
    {
        var faults = Columns.Where(fields.Has).Select(c => new Fault(Below + JsonPointer.Token(c), "read-only", $"{c} is no field: every record has it beside its fields.")).ToList();
        if (schema is null) return faults;
        faults.AddRange(fields.Select(f => f.Key).Where(name => schema.At(JsonPointer.Token(name)) is { IsReadOnly: true }).Select(n => ReadOnly(n).Below(Below)));
        if (faults.Count > 0) return faults;
        var known = schema.Source["properties"].AsObject ?? FactObject.Empty;
        var entity = new FactObjectBuilder(fields);
        if (known.Has("name")) entity["name"] = Value.From(name);
        if (known.Has("id")) entity["id"] = Value.From(id);
        if (known.Has(Owner) && owner is { } o) entity[Owner] = Value.From(o);
        return [.. schema.Validate(Value.From(entity.Build())).Select(f => Columns.Any(c => f.Pointer == JsonPointer.Token(c)) ? f : f.Below(Below))];
    }

    /// <summary>Checks a new name against the schema, which may know names.</summary>
    public static IReadOnlyList<Fault> CheckName(string? name, JsonSchema? schema) =>
        name is not null && schema?.At("/name") is { } known ? [.. known.Validate(Value.From(name)).Select(f => f.Below("/name"))] : [];

    /// <summary>
    /// Checks fields somebody sets, in a move or without: known, not read-only, of the right type. The owner is not among them: who could take a record along
    /// with a move would give themselves the relation the move asks for.
    /// </summary>
    public static IReadOnlyList<Fault> CheckChanges(FactObject changes, JsonSchema? schema)
    {
        var faults = new List<Fault>();
        foreach (var (name, value) in changes)
        {
            var pointer = JsonPointer.Token(name);
            if (Columns.Contains(name)) faults.Add(new(pointer, "read-only", $"{name} is no field: it is changed beside the fields of the record, not along with a move."));
            else if (schema is null) continue;
            else if (schema.At(pointer) is not { } field) faults.Add(new(pointer, "unknown-field", $"The subject has no field {name}."));
            else if (field.IsReadOnly) faults.Add(ReadOnly(name));
            else if (!value.IsNull) faults.AddRange(field.Validate(value).Select(f => f.Below(pointer)));
        }

        return faults;
    }

    private static Fault ReadOnly(string name) => new(JsonPointer.Token(name), "read-only", $"{name} is set by the process alone.");
}
