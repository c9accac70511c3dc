using System.Collections.Concurrent;

namespace Crm.Wfm.Rules;

/// <summary>One string per member name, so that objects which were each parsed anew share their names and their shapes.</summary>
internal static class FactNames
{
    // Names come from schemas and forms, which are few; whoever sends many others must not fill the memory.
    private const int Kept = 10_000;

    /// <summary>The longest name that is kept, in UTF-16 code units.</summary>
    public const int LongestKept = 64;

    private static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Spelled = Names.GetAlternateLookup<ReadOnlySpan<char>>();

    // Counting a concurrent dictionary locks all of it.
    private static int _count;

    public static string Of(ReadOnlySpan<char> name) => Spelled.TryGetValue(name, out var known) ? known : Of(name.ToString());

    public static string Of(string name)
    {
        if (Names.TryGetValue(name, out var known)) return known;
        if (name.Length > LongestKept || _count >= Kept) return name;
        if (Names.TryAdd(name, name)) Interlocked.Increment(ref _count);
        return Names[name];
    }
}
