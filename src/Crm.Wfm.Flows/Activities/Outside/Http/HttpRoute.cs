using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>
/// The path of an HTTP endpoint, such as <c>orders/{id}</c>, and its key: <c>GET orders/{}</c>, whatever a parameter is called, so that two endpoints that would take the same
/// requests have the same key. A request's path has few possible keys, the most exact first; so an endpoint is found by looking them up, however many there are.
/// </summary>
internal sealed class HttpRoute
{
    /// <summary>What stands for a segment that may be anything.</summary>
    private const string Any = "{}";

    /// <summary>What stands for all the segments that follow.</summary>
    private const string Rest = "{*}";

    private const int MaxSegments = 8;
    private const int MaxLength = 300;

    private readonly string[] _segments;

    private HttpRoute(string[] segments) => _segments = segments;

    /// <summary>Gets the path as part of a key.</summary>
    public string Pattern => string.Join('/', _segments.Select(s => !IsParameter(s) ? s.ToLowerInvariant() : s[1] == '*' ? Rest : Any));

    /// <summary>Reads a path as flows write it; says what is wrong with it where it is none.</summary>
    public static HttpRoute? Read(string path, out string? problem)
    {
        var segments = Segments(path);
        problem = path.Length > MaxLength ? $"is longer than {MaxLength} characters"
            : path.AsSpan().IndexOfAny('?', '#', ' ') >= 0 ? "holds a ?, a # or a space: a path alone is wanted"
            : segments.Select((s, i) => Problem(s, i == segments.Length - 1)).FirstOrDefault(p => p is not null)
            ?? (segments.Length > MaxSegments && Array.Exists(segments, IsParameter) ? $"has parameters and more than {MaxSegments} segments" : null)
            ?? (segments.Where(IsParameter).Select(Name).GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice ? $"has the parameter {twice.Key} twice" : null);
        return problem is null ? new(segments) : null;
    }

    /// <summary>Writes the key of a method and a pattern.</summary>
    public static string Key(string method, string pattern) => $"{method.ToUpperInvariant()} {pattern}";

    /// <summary>Lists the patterns a request's path can be meant by, the most exact first.</summary>
    public static IReadOnlyList<string> PatternsOf(string path)
    {
        string[] segments = [.. Segments(path).Select(s => s.ToLowerInvariant())];
        if (Array.Exists(segments, s => s.Contains('{', StringComparison.Ordinal))) return [];
        var patterns = new List<string>();
        var chosen = segments.ToArray();
        if (segments.Length <= MaxSegments) Choose(0);
        else patterns.Add(string.Join('/', segments));
        for (var kept = Math.Min(segments.Length, MaxSegments) - 1; kept >= 0; kept--) patterns.Add(string.Join('/', segments.Take(kept).Append(Rest)));
        return patterns;

        void Choose(int at)
        {
            if (at == segments.Length)
            {
                patterns.Add(string.Join('/', chosen));
                return;
            }

            chosen[at] = segments[at];
            Choose(at + 1);
            chosen[at] = Any;
            Choose(at + 1);
        }
    }

    /// <summary>Gives the parameters of a request's path by their names.</summary>
    public Value DataOf(string path)
    {
        var (given, data) = (Segments(path), new FactObjectBuilder());
        for (var i = 0; i < _segments.Length && i < given.Length; i++)
        {
            if (!IsParameter(_segments[i])) continue;
            var isRest = _segments[i][1] == '*';
            data[Name(_segments[i])] = Value.From(isRest ? string.Join('/', given.Skip(i)) : given[i]);
        }

        return Value.From(data.Build());
    }

    private static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsParameter(string segment) => segment is ['{', _, .., '}'];

    private static string Name(string segment) => segment[1..^1].TrimStart('*');

    private static string? Problem(string segment, bool isLast)
    {
        if (!segment.Contains('{', StringComparison.Ordinal) && !segment.Contains('}', StringComparison.Ordinal)) return null;
        if (!IsParameter(segment) || !Name(segment).All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') || Name(segment).Length == 0)
            return $"'{segment}' is no parameter such as {{id}}: constraints, optional ones and parts of a segment are not taken";
        return segment[1] == '*' && !isLast ? $"'{segment}' takes all that follows, so nothing can follow" : null;
    }
}
