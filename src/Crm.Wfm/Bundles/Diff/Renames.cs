using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Finds elements that have another key, and are the same otherwise or nearly so.</summary>
internal static class Renames
{
    private const double Alike = 0.75;
    private const int Most = 50;

    /// <summary>Gives the new keys by the old ones.</summary>
    public static IReadOnlyDictionary<string, string> Find(Structure structure, OrderedDictionary<string, Value> a, OrderedDictionary<string, Value> b)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        // Of a few it can be told; where very many came and went nobody renamed them.
        var (gone, come) = (a.Where(i => !b.ContainsKey(i.Key)).Take(Most).ToList(), b.Where(i => !a.ContainsKey(i.Key)).Take(Most).ToList());
        var pairs = from old in gone
                    from young in come
                    let share = Share(structure.WithKeyOf(old.Value, young.Value), young.Value)
                    where share >= Alike
                    orderby share descending
                    select (Old: old.Key, New: young.Key);
        foreach (var (old, young) in pairs)
        {
            if (!found.ContainsKey(old) && !found.ContainsValue(young)) found[old] = young;
        }

        return found;
    }

    /// <summary>Tells how much of two elements is the same, 0 to 1; what says next to nothing is like nothing.</summary>
    private static double Share(Value old, Value young)
    {
        if (old.AsObject is not { } a || young.AsObject is not { } b) return 0;
        var same = a.Where(m => b.Has(m.Key) && b[m.Key] == m.Value).Select(m => m.Key).ToList();
        return same.Count > 1 || same.Contains("title") ? (double)same.Count / a.Shape.Names.ToArray().Union(b.Shape.Names.ToArray()).Count() : 0;
    }
}
