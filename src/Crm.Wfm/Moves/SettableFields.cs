using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Schemas;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Moves;

/// <summary>Knows which fields a move can set: those of the subject that changes may name, and what the transition asks for.</summary>
internal sealed class SettableFields(Workflow workflow, Transition transition, Situation situation)
{
    private readonly JsonSchema? _bundles = workflow.Subjects.GetValueOrDefault(situation.Project.Subject.Type);
    private readonly Dictionary<string, Field> _fields = [];

    /// <summary>Lists the fields guards may be answered with: those they name as fixes, else all they read; then what is asked for anyway.</summary>
    public IReadOnlyList<Field> Of(IEnumerable<Guard> guards, bool withInput)
    {
        _fields.Clear();
        var asked = withInput ? Input().ToDictionary(f => f.Path) : [];
        foreach (var guard in guards)
        {
            foreach (var names in guard.Fixes.Count > 0 ? guard.Fixes.Select(p => JsonPointer.Tokens(p)!) : guard.Rule.Variables.Select(v => v.Split('.')))
            {
                if (names is ["entity", var name, ..] && situation.Kind.CanSet(name) && IsReplaceable(names)) AddEntity(names);
                else if (guard.Fixes.Count > 0 && asked.TryGetValue(string.Join('.', names), out var field)) Keep(field);
            }
        }

        foreach (var field in asked.Values) Keep(field);
        return [.. _fields.Values];
    }

    /// <summary>Gives the changes a command would send: what it sent and what was found.</summary>
    public FactObject Changes(Solution.Found found)
    {
        var changes = situation.Changes;
        foreach (var change in found.Changes.Where(c => c.Field.Names[0] == "entity"))
        {
            changes = FactTree.With(Value.From(changes), change.Field.Names.AsSpan(1), change.To ?? Value.Null).AsObject!;
        }

        return changes;
    }

    /// <summary>Changes replace a field as a whole, but members of what is merged into, such as custom fields, one by one.</summary>
    private bool IsReplaceable(string[] names) => names.Length == 2 ? !situation.Kind.IsMerged(names[1]) : names.Length == 3 && situation.Kind.IsMerged(names[1]);

    private void AddEntity(string[] names)
    {
        var pointer = string.Concat(names.Skip(1).Select(JsonPointer.Token));
        var (bundles, hosts) = (_bundles?.At(pointer), situation.Kind.Schema?.At(pointer));
        // A subject whose schema does not list a field has none.
        if (_bundles is not null && bundles is null && hosts is null && names.Length == 2) return;
        if ((bundles ?? hosts) is { IsReadOnly: true }) return;
        var isMerged = names.Length == 3;
        var isRequired = !isMerged && (Requires(_bundles, names[1]) || (hosts is not null && hosts.Validate(Value.Null).Count > 0));
        Keep(new(string.Join('.', names), bundles ?? hosts) { Empty = isRequired ? Emptiness.Never : isMerged ? Emptiness.Absent : Emptiness.Null });
    }

    private IEnumerable<Field> Input()
    {
        var asked = transition.Input?.Source["properties"].AsObject ?? FactObject.Empty;
        var isOpen = transition.Input is { } schema && schema.Source["additionalProperties"] != Value.False;
        // What nobody asked for can be left out.
        var unasked = situation.Input.AsObject?.Select(m => m.Key).Where(name => !asked.Has(name) && !isOpen) ?? [];
        return (transition.Input is { } form ? Members(["input"], form, isAsked: true) : [])
            .Concat(unasked.Select(name => new Field($"input.{name}", JsonSchema.Read(Value.False, [])) { Empty = Emptiness.Absent, IsChecked = true }));
    }

    /// <summary>Lists the members of an object; those of one that may be left out may be left out as well.</summary>
    private static IEnumerable<Field> Members(string[] names, JsonSchema schema, bool isAsked)
    {
        foreach (var (name, source) in schema.Source["properties"].AsObject ?? FactObject.Empty)
        {
            if (schema.At(JsonPointer.Token(name)) is not { } field) continue;
            var isRequired = isAsked && Requires(schema, name);
            IEnumerable<Field> fields = source["properties"].AsObject is not null
                ? Members([.. names, name], field, isRequired)
                : [new(string.Join('.', names.Append(name)), field) { Empty = isRequired ? Emptiness.Never : Emptiness.Absent, IsChecked = true }];
            foreach (var member in fields) yield return member;
        }
    }

    private void Keep(Field field) => _fields.TryAdd(field.Path, field);

    private static bool Requires(JsonSchema? schema, string name) => schema is not null && schema.Source["required"].AsList.Contains(Value.From(name));
}
