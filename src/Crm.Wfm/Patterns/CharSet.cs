namespace Crm.Wfm.Patterns;

/// <summary>Characters a pattern asks for in one place.</summary>
internal sealed class CharSet
{
    private const int AsciiLength = 128;

    private readonly CharPart[] _parts;
    private readonly bool _isNegated;
    private readonly UInt128 _ascii;

    public CharSet(IEnumerable<CharPart> parts, bool isNegated = false)
    {
        (_parts, _isNegated) = ([.. parts], isNegated);
        for (var c = 0; c < AsciiLength; c++)
        {
            if (Find((char)c)) _ascii |= UInt128.One << c;
        }
    }

    public bool Contains(char c) => c < AsciiLength ? ((ulong)(_ascii >> c) & 1) != 0 : Find(c);

    private bool Find(char c) => Array.Exists(_parts, part => part.Contains(c)) != _isNegated;
}

/// <summary>Ranges of characters, or of categories (<c>\p{Lu}</c>), or all others.</summary>
/// <param name="Ranges">Pairs of first and last character.</param>
/// <param name="Categories">Unicode categories, one bit each.</param>
/// <param name="IsNegated">Whether all others are meant.</param>
internal sealed record CharPart(string Ranges, uint Categories = 0, bool IsNegated = false)
{
    // The two-letter names in the order of UnicodeCategory.
    private const string CategoryNames = "LuLlLtLmLoMnMcMeNdNlNoZsZlZpCcCfCsCoPcPdPsPePiPfPoSmScSkSoCn";

    public static CharPart Digits { get; } = new("09");

    public static CharPart WordCharacters { get; } = new("AZaz09__");

    public static CharPart Spaces { get; } = new("\t\r  \u00a0\u00a0\u1680\u1680\u2000\u200a\u2028\u2029\u202f\u202f\u205f\u205f\u3000\u3000\ufeff\ufeff");

    public static CharPart LineEnds { get; } = new("\n\n\r\r\u2028\u2029");

    public bool Contains(char c)
    {
        for (var i = 0; i < Ranges.Length; i += 2)
        {
            if (c >= Ranges[i] && c <= Ranges[i + 1]) return !IsNegated;
        }

        return (Categories >> (int)char.GetUnicodeCategory(c) & 1) != 0 != IsNegated;
    }

    /// <summary>Finds the categories of a name such as <c>Lu</c> or <c>L</c>; <c>null</c> when there is no such name.</summary>
    public static CharPart? OfCategory(ReadOnlySpan<char> name)
    {
        var categories = 0u;
        for (var i = 0; i < CategoryNames.Length; i += 2)
        {
            if (!name.IsEmpty && CategoryNames.AsSpan(i, 2).StartsWith(name)) categories |= 1u << i / 2;
        }

        return categories == 0 ? null : new("", categories);
    }
}
