using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>A named part of a document and its place. Extensions (<c>x-*</c>) are never seen here: they are kept, not read.</summary>
internal readonly record struct Member(string Name, Value Value, string Pointer)
{
    /// <summary>Finds a member of the part; a part without value when there is none.</summary>
    public Member this[string name] => new(name, Value[name], Pointer + JsonPointer.Token(name));

    public string? Text => Value.AsText;

    public bool Has(string name) => Value.AsObject?.Has(name) == true;

    /// <summary>Lists the members; none when the part is no object.</summary>
    public IEnumerable<Member> Members()
    {
        var pointer = Pointer;
        return Value.AsObject is { } o
            ? o.Where(m => !m.Key.StartsWith("x-", StringComparison.Ordinal)).Select(m => new Member(m.Key, m.Value, pointer + JsonPointer.Token(m.Key)))
            : [];
    }

    /// <summary>Lists the items; none when the part is no list.</summary>
    public IEnumerable<Member> Items()
    {
        for (var i = 0; i < Value.AsList.Length; i++) yield return new Member("", Value.AsList[i], Pointer + JsonPointer.Token(i));
    }

    /// <summary>Lists the names of the members.</summary>
    public HashSet<string> Names() => Members().Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
}
