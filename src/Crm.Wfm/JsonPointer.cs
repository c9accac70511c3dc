using System.Globalization;
using Crm.Wfm.Rules;

namespace Crm.Wfm;

/// <summary>JSON Pointers (RFC 6901) over values.</summary>
internal static class JsonPointer
{
    public static string Escape(string segment) => segment.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    public static string[] Segments(string pointer) => pointer.Length == 0
        ? []
        : [.. pointer[1..].Split('/').Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    /// <summary>Finds the value at a pointer; <see cref="Value.Null"/> when there is none.</summary>
    public static Value Find(Value root, string pointer)
    {
        foreach (var segment in Segments(pointer))
        {
            root = root.Kind == ValueKind.List && int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < root.AsList.Length
                ? root.AsList[index]
                : root[segment];
        }

        return root;
    }

    /// <summary>Copies an object with the value at a path of member names set; objects on the way are made where they are missing.</summary>
    public static FactObject Set(FactObject root, ReadOnlySpan<string> path, Value value) =>
        root.With(path[0], path.Length == 1 ? value : Value.From(Set(root[path[0]].AsObject ?? FactObject.Empty, path[1..], value)));
}
