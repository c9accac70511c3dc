namespace Crm.Wfm.Rules.Solving;

/// <summary>Facts with a value set or taken away somewhere; the rest is shared.</summary>
internal static class FactTree
{
    /// <summary>Finds what lies at a path; <c>null</c> when nothing does.</summary>
    public static Value? Find(in Value facts, ReadOnlySpan<string> names)
    {
        var found = facts;
        foreach (var name in names)
        {
            if (found.AsObject is not { } members || members.Shape.IndexOf(name) is not (>= 0 and var slot)) return null;
            found = members.Slots[slot];
        }

        return found;
    }

    /// <summary>Sets what lies at a path, or takes it away; objects on the way are made where they are missing.</summary>
    public static Value With(in Value facts, ReadOnlySpan<string> names, Value? value)
    {
        if (names.IsEmpty) return value ?? Value.Null;
        var members = facts.AsObject ?? FactObject.Empty;
        if (value is null && names.Length == 1) return Without(members, names[0]);
        var slot = members.Shape.IndexOf(names[0]);
        if (slot < 0) return value is null ? facts : Value.From(members.With(names[0], With(Value.Null, names[1..], value)));
        var slots = members.Slots.ToArray();
        slots[slot] = With(in slots[slot], names[1..], value);
        return Value.From(new FactObject(members.Shape, slots));
    }

    private static Value Without(FactObject members, string name)
    {
        var kept = new FactObjectBuilder();
        foreach (var (member, value) in members)
        {
            if (member != name) kept[member] = value;
        }

        return Value.From(kept.Build());
    }
}
