using System.Globalization;
using System.Text;
using Crm.Wfm.Rules;

namespace Crm.Wfm;

/// <summary>JSON Pointers (RFC 6901).</summary>
public static class JsonPointer
{
    /// <summary>Writes one reference token with its slash, escaped.</summary>
    public static string Token(string name) => name.AsSpan().ContainsAny('~', '/')
        ? "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)
        : "/" + name;

    /// <summary>Writes one index with its slash.</summary>
    public static string Token(int index) => string.Create(CultureInfo.InvariantCulture, $"/{index}");

    /// <summary>Splits a pointer into unescaped tokens; <c>null</c> when it is none.</summary>
    public static string[]? Tokens(string pointer)
    {
        if (pointer.Length == 0) return [];
        if (pointer[0] != '/') return null;
        var tokens = pointer[1..].Split('/');
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!IsEscapedWell(tokens[i])) return null;
            tokens[i] = tokens[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        }

        return tokens;
    }

    /// <summary>Finds the value at a pointer; <c>null</c> when there is nothing.</summary>
    public static Value? Find(Value document, string pointer)
    {
        if (Tokens(pointer) is not { } tokens) return null;
        foreach (var token in tokens)
        {
            if (document.AsObject is { } o && o.Has(token)) document = o[token];
            else if (Index(token) is { } index && index < document.AsList.Length) document = document.AsList[index];
            else return null;
        }

        return document;
    }

    /// <summary>Copies an object with the value at a path of member names set; objects on the way are made where they are missing.</summary>
    public static FactObject Set(FactObject root, ReadOnlySpan<string> path, Value value) =>
        root.With(path[0], path.Length == 1 ? value : Value.From(Set(root[path[0]].AsObject ?? FactObject.Empty, path[1..], value)));

    /// <summary>Reads a token as an index; <c>null</c> when it is none.</summary>
    public static int? Index(string token) =>
        int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && (token.Length == 1 || token[0] != '0') ? index : null;

    private static bool IsEscapedWell(string token)
    {
        for (var at = token.IndexOf('~', StringComparison.Ordinal); at >= 0; at = token.IndexOf('~', at + 1))
        {
            if (at + 1 == token.Length || token[at + 1] is not ('0' or '1')) return false;
        }

        return true;
    }
}

/// <summary>Where a walk through a document is. The pointer is written only when somebody asks for it.</summary>
internal sealed class PointerStack
{
    private readonly List<(string? Name, int Index)> _tokens = [];

    public void Push(string name) => _tokens.Add((name, 0));

    public void Push(int index) => _tokens.Add((null, index));

    public void Pop() => _tokens.RemoveAt(_tokens.Count - 1);

    public override string ToString()
    {
        var pointer = new StringBuilder();
        foreach (var (name, index) in _tokens) pointer.Append(name is null ? JsonPointer.Token(index) : JsonPointer.Token(name));
        return pointer.ToString();
    }
}
