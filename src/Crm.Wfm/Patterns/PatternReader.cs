using System.Globalization;

namespace Crm.Wfm.Patterns;

/// <summary>Reads the regular expressions of ECMAScript, without look-around and back-references.</summary>
internal sealed class PatternReader(string pattern)
{
    private const int MaxDepth = 100;
    private const int MaxCount = 1000;
    private const string SyntaxCharacters = "^$\\.*+?()[]{}|/-";

    private int _at;
    private int _depth;

    /// <exception cref="FormatException">The pattern is none, or outside the subset.</exception>
    public PatternNode Read()
    {
        var node = ReadChoice();
        return _at == pattern.Length ? node : throw Wrong("a ')' closes nothing");
    }

    private PatternNode ReadChoice()
    {
        if (++_depth > MaxDepth) throw Wrong($"groups lie more than {MaxDepth} deep");
        var ways = new List<PatternNode> { ReadSequence() };
        while (Skip('|')) ways.Add(ReadSequence());
        _depth--;
        return ways is [var only] ? only : new PatternNode.Choice(ways);
    }

    private PatternNode.Sequence ReadSequence()
    {
        var parts = new List<PatternNode>();
        while (_at < pattern.Length && pattern[_at] is not ('|' or ')')) parts.Add(ReadQuantified());
        return new PatternNode.Sequence(parts);
    }

    private PatternNode ReadQuantified()
    {
        var part = ReadAtom();
        if (ReadQuantifier() is not var (least, most)) return part;
        if (part is PatternNode.Place) throw Wrong("a place cannot be repeated");
        Skip('?'); // as little as possible matches the same texts
        return new PatternNode.Repetition(part, least, most);
    }

    private (int Least, int? Most)? ReadQuantifier()
    {
        if (Skip('*')) return (0, null);
        if (Skip('+')) return (1, null);
        if (Skip('?')) return (0, 1);
        if (!Skip('{')) return null;
        var least = ReadCount();
        int? most = least;
        if (Skip(',')) most = Peek == '}' ? null : ReadCount();
        if (!Skip('}')) throw Wrong("a '{' begins no count such as {2}, {2,} or {2,5}");
        return most < least ? throw Wrong("a count ends before it begins") : (least, most);
    }

    private int ReadCount()
    {
        var start = _at;
        while (char.IsAsciiDigit(Peek)) _at++;
        if (_at == start) throw Wrong("a '{' begins no count such as {2}, {2,} or {2,5}");
        return int.TryParse(pattern.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MaxCount
            ? count
            : throw Wrong($"a count is over {MaxCount}");
    }

    private PatternNode ReadAtom()
    {
        var c = pattern[_at++];
        return c switch
        {
            '^' => new PatternNode.Place(Operation.Begin),
            '$' => new PatternNode.Place(Operation.End),
            '.' => Characters(CharPart.LineEnds with { IsNegated = true }),
            '(' => ReadGroup(),
            '[' => ReadClass(),
            '\\' when Peek is 'b' or 'B' => new PatternNode.Place(pattern[_at++] == 'b' ? Operation.Boundary : Operation.NoBoundary),
            '\\' => Characters(ReadEscape(inClass: false)),
            '*' or '+' or '?' or '{' => throw Wrong($"there is nothing '{c}' could repeat"),
            _ => Characters(new($"{c}{c}")),
        };
    }

    private PatternNode ReadGroup()
    {
        if (Skip('?') && !Skip(':')) SkipGroupName();
        var inner = ReadChoice();
        return Skip(')') ? inner : throw Wrong("a '(' is not closed");
    }

    private void SkipGroupName()
    {
        var end = Peek == '<' ? pattern.IndexOf('>', _at) : -1;
        if (end < _at + 2 || pattern[_at + 1] is '=' or '!') throw Wrong("look-around and flags are not supported");
        _at = end + 1;
    }

    private PatternNode.Characters ReadClass()
    {
        var isNegated = Skip('^');
        var parts = new List<CharPart>();
        while (!Skip(']'))
        {
            var first = ReadClassAtom();
            if (Peek == '-' && _at + 1 < pattern.Length && pattern[_at + 1] != ']')
            {
                _at++;
                first = Range(first, ReadClassAtom());
            }

            parts.Add(first);
        }

        return new(new CharSet(parts, isNegated));
    }

    private CharPart ReadClassAtom()
    {
        if (_at == pattern.Length) throw Wrong("a '[' is not closed");
        var c = pattern[_at++];
        return c == '\\' ? ReadEscape(inClass: true) : new($"{c}{c}");
    }

    private CharPart Range(CharPart first, CharPart last)
    {
        if (first is not { Ranges: [var low, var same], IsNegated: false } || low != same || last is not { Ranges: [var high, var alike], IsNegated: false } || high != alike)
        {
            throw Wrong("a range goes from one character to another");
        }

        return low <= high ? new($"{low}{high}") : throw Wrong("a range ends before it begins");
    }

    private CharPart ReadEscape(bool inClass)
    {
        if (_at == pattern.Length) throw Wrong("a '\\' ends it");
        var c = pattern[_at++];
        return c switch
        {
            'd' => CharPart.Digits,
            'D' => CharPart.Digits with { IsNegated = true },
            'w' => CharPart.WordCharacters,
            'W' => CharPart.WordCharacters with { IsNegated = true },
            's' => CharPart.Spaces,
            'S' => CharPart.Spaces with { IsNegated = true },
            'p' => ReadCategory(),
            'P' => ReadCategory() with { IsNegated = true },
            't' => One('\t'),
            'n' => One('\n'),
            'r' => One('\r'),
            'f' => One('\f'),
            'v' => One('\v'),
            '0' when !char.IsAsciiDigit(Peek) => One('\0'),
            'b' when inClass => One('\b'),
            'x' => One(ReadHex(2)),
            'u' => One(ReadHex(4)),
            _ when SyntaxCharacters.Contains(c) => One(c),
            _ => throw Wrong(char.IsAsciiDigit(c) || c == 'k' ? "back-references are not supported" : $"there is no escape '\\{c}'"),
        };
    }

    private CharPart ReadCategory()
    {
        var end = Peek == '{' ? pattern.IndexOf('}', _at) : -1;
        if (end < 0 || CharPart.OfCategory(pattern.AsSpan(_at + 1, end - _at - 1)) is not { } part) throw Wrong("a category is a name such as \\p{L} or \\p{Lu}");
        _at = end + 1;
        return part;
    }

    private char ReadHex(int digits)
    {
        if (_at + digits > pattern.Length || !ushort.TryParse(pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            throw Wrong($"an escape needs {digits} hexadecimal digits");
        }

        _at += digits;
        return (char)code;
    }

    private char Peek => _at < pattern.Length ? pattern[_at] : '\0';

    private bool Skip(char c)
    {
        if (_at == pattern.Length || pattern[_at] != c) return false;
        _at++;
        return true;
    }

    private FormatException Wrong(string why) => new(string.Create(CultureInfo.InvariantCulture, $"{why} (at {_at})"));

    private static CharPart One(char c) => new($"{c}{c}");

    private static PatternNode.Characters Characters(CharPart part) => new(new CharSet([part]));
}
