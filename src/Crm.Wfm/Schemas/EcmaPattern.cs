using System.Text;
using System.Text.RegularExpressions;

namespace Crm.Wfm.Schemas;

/// <summary>Compiles a JSON Schema pattern so that it means what it means in a browser, and takes linear time whatever it is given.</summary>
internal static class EcmaPattern
{
    private const int MaxLength = 1000;

    /// <summary>Compiles a pattern; <c>null</c> with the problem when it is malformed or needs backtracking (look-around, back-references).</summary>
    public static Regex? Compile(string pattern, out string problem)
    {
        problem = $"it is longer than {MaxLength} characters";
        if (pattern.Length > MaxLength) return null;
        try
        {
            return new Regex(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>In .NET <c>$</c> also matches before a final line feed, and <c>\d</c> and <c>\w</c> know every script's digits and letters.</summary>
    private static string Translate(string pattern)
    {
        var (text, inClass) = (new StringBuilder(pattern.Length), false);
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length) text.Append(Escape(pattern[++i], inClass));
            else if (c == '$' && !inClass) text.Append(@"\z");
            else text.Append(c);
            if (c == '[') inClass = true;
            else if (c == ']') inClass = false;
        }

        return text.ToString();
    }

    private static string Escape(char c, bool inClass) => (c, inClass) switch
    {
        ('d', true) => "0-9",
        ('d', false) => "[0-9]",
        ('D', false) => "[^0-9]",
        ('w', true) => "A-Za-z0-9_",
        ('w', false) => "[A-Za-z0-9_]",
        ('W', false) => "[^A-Za-z0-9_]",
        ('/', _) => "/",
        _ => $"\\{c}",
    };
}
