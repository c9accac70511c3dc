using System.Collections.Concurrent;

namespace Crm.Wfm.Rules;

/// <summary>One string per member name, so that objects which were each parsed anew share their names and a rule finds a member by comparing references.</summary>
internal static class FactNames
{
    // Names come from schemas and forms, which are few; whoever sends many others must not fill the memory.
    private const int Kept = 10_000;
    private const int LongestKept = 64;

    private static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);

    public static string Of(string name)
    {
        if (Names.TryGetValue(name, out var known)) return known;
        return name.Length > LongestKept || Names.Count >= Kept ? name : Names.GetOrAdd(name, name);
    }
}
