using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Goes down two documents at once.</summary>
internal sealed class DiffRun(ChangeWords words)
{
    private readonly List<BundleChange> _changes = [];

    public IReadOnlyList<BundleChange> Compare(Value before, Value after)
    {
        Compare(Structure.OfBundle, Place.Root, before.IsNull ? Value.From(FactObject.Empty) : before, after);
        return _changes;
    }

    private void Compare(Structure structure, Place place, Value? old, Value? young)
    {
        if (old == young) return;
        if (structure.IsCollection && (old ?? young)!.Value is { Kind: ValueKind.Object or ValueKind.List } some)
        {
            // A collection that is not there is one without anything in it.
            var empty = some.Kind == ValueKind.List ? Value.From([]) : Value.From(FactObject.Empty);
            if (CompareKeyed(structure, place, old ?? empty, young ?? empty)) return;
        }

        if (structure.Kind != StructureKind.Whole && old?.AsObject is { } a && young?.AsObject is { } b) CompareMembers(structure, place, a, b);
        else Add(old is null ? ChangeKind.Added : young is null ? ChangeKind.Removed : ChangeKind.Changed, place, old, young);
    }

    private void CompareMembers(Structure structure, Place place, FactObject a, FactObject b)
    {
        foreach (var name in a.Shape.Names.ToArray().Union(b.Shape.Names.ToArray()).Order(StringComparer.Ordinal))
            Compare(structure[name], place.Member(name), a.Has(name) ? a[name] : null, b.Has(name) ? b[name] : null);
    }

    private bool CompareKeyed(Structure structure, Place place, Value old, Value young)
    {
        if (Items(structure, old) is not { } a || Items(structure, young) is not { } b) return false;
        if (structure.Kind == StructureKind.Set) Add(ChangeKind.Changed, place, old, young);
        else CompareElements(structure, place, a, b);
        return true;
    }

    private static OrderedDictionary<string, Value>? Items(Structure structure, Value collection) =>
        structure.Kind == StructureKind.Map ? collection.AsObject is { } members ? new(members, StringComparer.Ordinal) : null : structure.Keyed(collection);

    private void CompareElements(Structure structure, Place place, OrderedDictionary<string, Value> a, OrderedDictionary<string, Value> b)
    {
        var renamed = Renames.Find(structure, a, b);
        foreach (var (key, value) in a.Where(item => !b.ContainsKey(item.Key) && !renamed.ContainsKey(item.Key)))
            Add(ChangeKind.Removed, Element(structure, place, key, a, key, b, key), value, null);
        foreach (var (key, value) in b)
        {
            var before = a.ContainsKey(key) ? key : renamed.FirstOrDefault(r => r.Value == key).Key;
            var at = Element(structure, place, key, a, before ?? key, b, key);
            if (before is null) Add(ChangeKind.Added, at, null, value);
            else CompareElement(structure, at, before, key, a[before], value);
        }

        if (structure.Kind == StructureKind.List) CompareOrder(structure, place, a, b);
    }

    private void CompareElement(Structure structure, Place at, string before, string key, Value old, Value young)
    {
        if (before != key) _changes.Add(new(at.Concerns, ChangeKind.Renamed, at.New, words.Renamed(at, before), old, young) { From = at.Old, Place = at });
        var inner = structure.Kind == StructureKind.Map ? structure[key] : structure.Items;
        Compare(inner, at, before == key ? old : structure.WithKeyOf(old, young), young);
    }

    /// <summary>Tells who has another place among those that were there: all but the longest row that kept its order.</summary>
    private void CompareOrder(Structure structure, Place place, OrderedDictionary<string, Value> a, OrderedDictionary<string, Value> b)
    {
        var keys = b.Keys.Where(a.ContainsKey).ToList();
        var stayed = Ordering.LongestRising([.. keys.Select(key => a.IndexOf(key))]);
        foreach (var (index, key) in keys.Index().Where(k => !stayed.Contains(k.Index)))
        {
            var at = Element(structure, place, key, a, key, b, key);
            var previous = b.IndexOf(key) is > 0 and var i ? b.GetAt(i - 1).Key : null;
            _changes.Add(new(at.Concerns, ChangeKind.Moved, at.New, words.Reordered(at, previous)) { From = at.Old, Place = at });
        }
    }

    private static Place Element(
        Structure structure, Place place, string key, OrderedDictionary<string, Value> a, string oldKey, OrderedDictionary<string, Value> b, string newKey) =>
        structure.Kind == StructureKind.Map
            ? place.Element(structure.Noun, key, JsonPointer.Token(oldKey), JsonPointer.Token(newKey))
            : place.Element(structure.Noun, key, JsonPointer.Token(Math.Max(a.IndexOf(oldKey), 0)), JsonPointer.Token(Math.Max(b.IndexOf(newKey), 0)));

    private void Add(ChangeKind kind, Place place, Value? old, Value? young) =>
        _changes.Add(new(place.Concerns, kind, kind == ChangeKind.Removed ? place.Old : place.New, words.Tell(kind, place, old, young), old, young) { Place = place });
}
