using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>How much there is of a value: about as many characters as it has when it is written.</summary>
internal static class Sizes
{
    private const int Number = 8;

    /// <summary>Counts, until it is more than enough.</summary>
    public static long Of(Value value, long enough)
    {
        switch (value.Kind)
        {
            case ValueKind.Text: return 2 + value.AsText!.Length;
            case ValueKind.List:
                long items = 2;
                foreach (var item in value.AsList)
                    if ((items += 1 + Of(item, enough - items)) > enough) break;
                return items;
            case ValueKind.Object:
                long members = 2;
                foreach (var (name, member) in value.AsObject!)
                    if ((members += 4 + name.Length + Of(member, enough - members)) > enough) break;
                return members;
            default: return Number;
        }
    }

    /// <summary>Leaves out of a value what is more than so much, and says so in its place.</summary>
    public static Value Cut(Value value, int most) => Of(value, most) <= most ? value : Cut(value, ref most);

    private static Value Cut(Value value, ref int left)
    {
        switch (value.Kind)
        {
            case ValueKind.Text: return CutText(value.AsText!, ref left);
            case ValueKind.List:
                var items = new List<Value>();
                foreach (var item in value.AsList)
                {
                    if (--left <= 0) break;
                    items.Add(Cut(item, ref left));
                }

                if (items.Count < value.AsList.Length) items.Add(Value.From($"… ({value.AsList.Length} items)"));
                return Value.From([.. items]);
            case ValueKind.Object:
                var (members, taken) = (new FactObjectBuilder(), 0);
                foreach (var (name, member) in value.AsObject!)
                {
                    if ((left -= 4 + name.Length) <= 0) break;
                    members[name] = Cut(member, ref left);
                    taken++;
                }

                if (taken < value.AsObject.Count) members["…"] = Value.From($"({value.AsObject.Count} members)");
                return Value.From(members.Build());
            default:
                left -= Number;
                return value;
        }
    }

    private static Value CutText(string text, ref int left)
    {
        var kept = Math.Clamp(left, 0, text.Length);
        left -= text.Length;
        if (kept == text.Length) return Value.From(text);
        if (kept > 0 && char.IsHighSurrogate(text[kept - 1])) kept--;
        return Value.From($"{text.AsSpan(0, kept)}… ({text.Length} characters)");
    }
}
