using System.Globalization;

namespace Crm.Wfm.Rules;

/// <summary>Numbers as ECMAScript writes and reads them, which is what both RFC 8785 and JsonLogic ask for.</summary>
internal static class EcmaNumber
{
    /// <summary>Room for any number: sign, 17 digits, point, exponent, or up to 21 digits without one.</summary>
    public const int MaxLength = 32;

    private const double MaxSafeInteger = 9007199254740991;

    // .NET's white space has U+0085 and lacks U+FEFF.
    private const string WhiteSpace = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

    /// <summary>Writes what <c>String(number)</c> gives.</summary>
    /// <returns>The part of <paramref name="buffer"/> that was written; it needs <see cref="MaxLength"/> characters.</returns>
    public static ReadOnlySpan<char> Write(double number, Span<char> buffer)
    {
        if (!double.IsFinite(number)) return double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
        int length;
        if (Math.Abs(number) <= MaxSafeInteger && Math.Truncate(number) == number)
        {
            ((long)number).TryFormat(buffer, out length, default, CultureInfo.InvariantCulture);
            return buffer[..length];
        }

        number.TryFormat(buffer, out length, "R", CultureInfo.InvariantCulture);
        // .NET and ECMAScript agree on the shortest digits, not on when to use an exponent.
        var e = buffer[..length].IndexOf('E');
        return e < 0 ? buffer[..length] : Rearrange(buffer, e, int.Parse(buffer[(e + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    /// <summary>Lays the digits of <c>d.dddE±x</c> out anew: positional from 1e-6 to below 1e21, else with a bare exponent.</summary>
    private static ReadOnlySpan<char> Rearrange(Span<char> buffer, int mantissa, int exponent)
    {
        Span<char> digits = stackalloc char[MaxLength];
        var (count, length) = (0, 0);
        foreach (var c in buffer[..mantissa])
        {
            if (char.IsAsciiDigit(c)) digits[count++] = c;
            if (c == '-') length = 1;
        }

        digits = digits[..count];
        if (exponent is < -6 or >= 21) return WithExponent(buffer, length, digits, exponent);
        if (exponent >= 0)
        {
            // The exponent form starts at 1e15 and 17 digits are the most: a point can still fall between them.
            for (var i = 0; i <= Math.Max(exponent, count - 1); i++)
            {
                if (i == exponent + 1) buffer[length++] = '.';
                buffer[length++] = i < count ? digits[i] : '0';
            }

            return buffer[..length];
        }

        buffer[length++] = '0';
        buffer[length++] = '.';
        for (var i = -1; i > exponent; i--) buffer[length++] = '0';
        digits.CopyTo(buffer[length..]);
        return buffer[..(length + count)];
    }

    private static ReadOnlySpan<char> WithExponent(Span<char> buffer, int length, scoped ReadOnlySpan<char> digits, int exponent)
    {
        buffer[length++] = digits[0];
        if (digits.Length > 1) buffer[length++] = '.';
        digits[1..].CopyTo(buffer[length..]);
        length += digits.Length - 1;
        buffer[length++] = 'e';
        buffer[length++] = exponent < 0 ? '-' : '+';
        Math.Abs(exponent).TryFormat(buffer[length..], out var written, default, CultureInfo.InvariantCulture);
        return buffer[..(length + written)];
    }

    /// <summary>Reads what <c>Number(text)</c> gives: blank text is 0, anything that is no number as a whole is NaN.</summary>
    public static double Read(ReadOnlySpan<char> text)
    {
        text = text.Trim(WhiteSpace);
        if (text.IsEmpty) return 0;
        if (text.Length > 2 && text[0] == '0' && Radix(text[1]) is var radix and > 0) return ReadRadix(text[2..], radix);
        var length = DecimalLength(text, out var number);
        return length == text.Length ? number : double.NaN;
    }

    /// <summary>Reads what <c>parseFloat(text)</c> gives: the longest start that is a decimal number, else NaN.</summary>
    public static double ReadStart(ReadOnlySpan<char> text)
    {
        DecimalLength(text.TrimStart(WhiteSpace), out var number);
        return number;
    }

    /// <summary>Finds how far a decimal literal reaches; 0 and NaN when there is none.</summary>
    private static int DecimalLength(ReadOnlySpan<char> text, out double number)
    {
        var at = text is ['+' or '-', ..] ? 1 : 0;
        if (text[at..].StartsWith("Infinity", StringComparison.Ordinal))
        {
            number = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return at + "Infinity".Length;
        }

        var whole = Digits(text[at..]);
        at += whole;
        var fraction = at < text.Length && text[at] == '.' ? Digits(text[(at + 1)..]) : 0;
        number = double.NaN;
        if (whole + fraction == 0) return 0;
        if (at < text.Length && text[at] == '.') at += fraction + 1;
        at += ExponentLength(text[at..]);
        number = double.Parse(text[..at], NumberStyles.Float, CultureInfo.InvariantCulture);
        return at;
    }

    private static int ExponentLength(ReadOnlySpan<char> text)
    {
        if (text is not ['e' or 'E', ..]) return 0;
        var sign = text is [_, '+' or '-', ..] ? 2 : 1;
        var digits = Digits(text[sign..]);
        return digits == 0 ? 0 : sign + digits;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        // A loop, because IndexOfAnyExceptInRange boxes its bounds until the runtime has optimised it.
        var count = 0;
        while (count < text.Length && char.IsAsciiDigit(text[count])) count++;
        return count;
    }

    private static int Radix(char mark) => mark switch { 'x' or 'X' => 16, 'o' or 'O' => 8, 'b' or 'B' => 2, _ => 0 };

    private static double ReadRadix(ReadOnlySpan<char> digits, int radix)
    {
        var number = 0d;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? (c | 0x20) - 'a' + 10 : radix;
            if (digit >= radix) return double.NaN;
            number = number * radix + digit;
        }

        return number;
    }
}
