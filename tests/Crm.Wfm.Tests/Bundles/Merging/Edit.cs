using System.Globalization;
using System.Text;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Bundles.Merging;

/// <summary>What a person does to a bundle: a change at a place told by names and keys, so that it can be done to any version of the bundle.</summary>
/// <param name="Name">What is done, for a failing test's message.</param>
/// <param name="Touches">The places it is about: two edits are independent when none of the one's lies within one of the other's.</param>
/// <param name="Apply">Does it.</param>
internal sealed record Edit(string Name, IReadOnlyList<string[]> Touches, Func<Value, Value> Apply)
{
    public bool IsIndependentOf(Edit other) => !Touches.Any(mine => other.Touches.Any(yours => Begins(mine, yours) || Begins(yours, mine)));

    public override string ToString() => Name;

    private static bool Begins(string[] start, string[] path) => path.Length >= start.Length && path.AsSpan(0, start.Length).SequenceEqual(start);
}

/// <summary>Thinks of edits to a bundle, anywhere in it, by what the format says of each place.</summary>
internal sealed class Editor(Value bundle, Random random)
{
    private static readonly string[] Kinds = ["change", "remove", "add", "insert", "move"];

    private readonly List<(string[] Path, Structure Structure, Value Value, Structure? Parent)> _places = [.. Places([], Structure.OfBundle, bundle, null)];

    /// <summary>Thinks of one edit, every kind as likely as the others; near another one, when it is given.</summary>
    public Edit Next(Edit? near = null)
    {
        var kind = Kinds[random.Next(Kinds.Length)];
        var parent = near?.Touches[0][..^1];
        while (true)
        {
            var places = parent is null ? _places : _places.FindAll(p => p.Path.Length > parent.Length && p.Path.AsSpan(0, parent.Length).SequenceEqual(parent));
            for (var tries = 0; tries < 200 && places.Count > 0; tries++)
            {
                var (path, structure, value, holder) = places[random.Next(places.Count)];
                if (path is [] or ["bundle", "version"] or ["bundle", "key"]) continue;
                if (Of(path, structure, value, holder).FirstOrDefault(e => e.Name.StartsWith(kind, StringComparison.Ordinal)) is { } edit) return edit;
            }

            if (parent?.Length is 0 or null) kind = Kinds[random.Next(Kinds.Length)];
            else parent = parent[..^1];
        }
    }

    /// <summary>Thinks of two different things to do with the same place.</summary>
    public (Edit Ours, Edit Theirs) Rivals()
    {
        while (true)
        {
            var (path, structure, value, parent) = _places[random.Next(1, _places.Count)];
            if (path is ["bundle", "version"]) continue;
            var rivals = RivalsAt(path, structure, value, parent).ToList();
            if (rivals.Count > 0) return rivals[random.Next(rivals.Count)];
        }
    }

    private IEnumerable<Edit> Of(string[] path, Structure structure, Value value, Structure? parent)
    {
        if (IsWhole(structure, value)) yield return Change(path, Other(value));
        if (parent?.Kind is StructureKind.Map or StructureKind.Open or StructureKind.List or StructureKind.Set) yield return Remove(path);
        if (structure.Kind is StructureKind.Map or StructureKind.Open && value.AsObject is not null) yield return Add([.. path, NewKey()], Sample(value));
        if (structure.Keyed(value) is { Count: > 0 } items)
        {
            yield return Insert(path, items.GetAt(random.Next(items.Count)).Key, NewItem(structure, items.GetAt(0).Value));
            if (items.Count > 2) yield return Move(path, items.GetAt(0).Key, items.GetAt(items.Count - 1).Key);
        }
    }

    private IEnumerable<(Edit, Edit)> RivalsAt(string[] path, Structure structure, Value value, Structure? parent)
    {
        if (IsWhole(structure, value)) yield return (Change(path, Other(value)), Change(path, Value.From("another " + NewKey())));
        if (parent is { Kind: StructureKind.Map or StructureKind.List })
        {
            foreach (var (below, _, v, _) in _places.Where(p => p.Path.Length == path.Length + 1 && p.Path.AsSpan(0, path.Length).SequenceEqual(path) && IsWhole(p.Structure, p.Value)))
            {
                yield return (Remove(path), Change(below, Other(v)));
                yield return (Change(below, Other(v)), Remove(path));
            }
        }

        if (structure.Kind == StructureKind.Map && value.AsObject is not null && NewKey() is var key)
            yield return (Add([.. path, key], Value.From("one")), Add([.. path, key], Value.From("other")));
        if (structure.Kind == StructureKind.Set && structure.Keyed(value) is { Count: > 0 } items && items.GetAt(0).Key is var first)
            yield return (Swap(path, first, Value.From(NewKey())) with { Touches = [path] }, Swap(path, first, Value.From(NewKey())));
        if (structure.Keyed(value) is { Count: > 2 } list)
            yield return (Move(path, list.GetAt(0).Key, list.GetAt(list.Count - 1).Key) with { Touches = [path] }, Move(path, list.GetAt(list.Count - 1).Key, ""));
    }

    private static bool IsWhole(Structure structure, Value value) => value.Kind is not (ValueKind.Object or ValueKind.List) || structure.Kind == StructureKind.Whole;

    private string NewKey() => "new-" + random.Next(1_000_000_000).ToString(CultureInfo.InvariantCulture);

    private Value Other(Value value) => value.Kind switch
    {
        ValueKind.Number => Value.From(value.AsNumber + random.Next(1, 100)),
        ValueKind.Boolean => Value.From(!value.AsBoolean),
        ValueKind.Object => Value.From(FactObject.Empty.With("!", value)),
        ValueKind.List => Value.From([.. value.AsList, Value.From(NewKey())]),
        _ => Value.From(NewKey()),
    };

    private Value Sample(Value collection) => collection.AsObject is { Count: > 0 } members ? members.Slots[random.Next(members.Count)] : Value.From(NewKey());

    private Value NewItem(Structure structure, Value example)
    {
        if (structure.Kind == StructureKind.Set || example.AsObject is not { } item) return Value.From(NewKey());
        foreach (var name in new[] { "key", "id", "target", "from" }) item = item.With(name, Value.From(NewKey()));
        return Value.From(item);
    }

    private static Edit Change(string[] path, Value value) => new($"change {Text(path)} to {value}", [path], b => At(b, Structure.OfBundle, path, _ => value));

    private static Edit Remove(string[] path) => new($"remove {Text(path)}", [path], b => At(b, Structure.OfBundle, path, _ => null));

    private static Edit Add(string[] path, Value value) => new($"add {Text(path)}", [path], b => At(b, Structure.OfBundle, path, _ => value));

    private static Edit Insert(string[] path, string after, Value item) => new($"insert {item} into {Text(path)} after {after}", [[.. path, after]], b => InList(b, path, list =>
    {
        var at = list.IndexOf(after);
        list.Insert(at + 1, item.ToString(), item);
    }));

    private static Edit Swap(string[] path, string item, Value other) => new($"put {other} in place of {item} in {Text(path)}", [[.. path, item]], b => InList(b, path, list =>
    {
        var at = list.IndexOf(item);
        list.RemoveAt(at);
        list.Insert(at, other.ToString(), other);
    }));

    // The order of a list is one thing: no two moves in it are independent, so each touches the whole list's order.
    private static Edit Move(string[] path, string item, string after) => new($"move {item} of {Text(path)} after {after}", [[.. path, "#order"], [.. path, item], [.. path, after]], b => InList(b, path, list =>
    {
        var value = list[item];
        list.Remove(item);
        list.Insert(after.Length == 0 ? 0 : list.IndexOf(after) + 1, item, value);
    }));

    private static Value InList(Value root, string[] path, Action<OrderedDictionary<string, Value>> change)
    {
        var structure = path.Aggregate((S: Structure.OfBundle, V: root), (at, step) => at.S.Keyed(at.V) is { } items ? (at.S.Items, items[step]) : (at.S[step], at.V[step])).S;
        return At(root, Structure.OfBundle, path, value =>
        {
            var items = structure.Keyed(value!.Value)!;
            change(items);
            return Value.From([.. items.Values]);
        });
    }

    /// <summary>Copies a document with the value at a place replaced; removed for <c>null</c>.</summary>
    private static Value At(Value at, Structure structure, ReadOnlySpan<string> path, Func<Value?, Value?> change)
    {
        var (name, rest) = (path[0], path.Length == 1 ? null : path[1..].ToArray());
        if (structure.Keyed(at) is { } items)
        {
            var changed = rest is null ? change(items[name]) : At(items[name], structure.Items, rest, change);
            if (changed is { } item) items[name] = item;
            else items.Remove(name);
            return Value.From([.. items.Values]);
        }

        var members = new FactObjectBuilder();
        foreach (var (key, value) in at.AsObject!.Where(m => m.Key != name)) members[key] = value;
        var result = rest is null ? change(at.AsObject!.Has(name) ? at[name] : null) : At(at[name], structure[name], rest, change);
        if (result is { } there) members[name] = there;
        return Value.From(members.Build());
    }

    private static IEnumerable<(string[] Path, Structure Structure, Value Value, Structure? Parent)> Places(string[] path, Structure structure, Value value, Structure? parent)
    {
        yield return (path, structure, value, parent);
        if (IsWhole(structure, value)) yield break;
        var below = structure.Keyed(value) is { } items ? items.Select(i => (i.Key, structure.Items, i.Value)) : (value.AsObject ?? FactObject.Empty).Select(m => (m.Key, structure[m.Key], m.Value));
        foreach (var (name, s, v) in below.Where(_ => structure.Kind != StructureKind.Set))
        {
            // What a list's item is known by is its name: with another one it is another item.
            if (parent?.Kind == StructureKind.List && v.AsText is { } text && path[^1].Split(' ').Contains(text)) continue;
            foreach (var place in Places([.. path, name], s, v, structure)) yield return place;
        }
    }

    private static string Text(string[] path) => path.Aggregate(new StringBuilder(), (text, step) => text.Append('/').Append(step)).ToString();
}
