namespace Crm.Wfm.Rules;

/// <summary>Writes RFC 8785 canonical JSON: members in UTF-16 order, numbers as ECMAScript prints them, nothing escaped that need not be.</summary>
public static class CanonicalJson
{
    /// <summary>Writes a value compactly. NaN and infinities become <c>null</c>.</summary>
    public static string Text(Value value) => throw new NotImplementedException();

    /// <summary>Writes a value for people: the same order and numbers, two spaces of indent, a line feed at the end.</summary>
    public static string Indented(Value value) => throw new NotImplementedException();
}
