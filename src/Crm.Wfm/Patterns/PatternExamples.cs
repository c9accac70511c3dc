using System.Text;

namespace Crm.Wfm.Patterns;

/// <summary>Texts a pattern matches, made from its own pieces. Places such as word borders are not looked at: who uses an example asks the pattern again.</summary>
internal sealed class PatternExamples
{
    private const int Count = 4;
    private const int MaxLength = 1000;

    private static readonly char[] Preferred = [.. "Aa0BbCc123xyzXYZ -_./@:", .. Enumerable.Range(' ', 95).Select(c => (char)c), 'é', 'ß', 'ж', '中'];

    private readonly StringBuilder _text = new();
    private readonly int _variation;
    private readonly int _least;

    private PatternExamples(int variation, int least) => (_variation, _least) = (variation, least);

    /// <summary>Makes some, each different from the others; none for what is no pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="least">How long they have to be, if the pattern lets them.</param>
    public static IReadOnlyList<string> Of(string pattern, int least = 0)
    {
        if (EcmaPattern.Compile(pattern, out _) is not { } compiled) return [];
        var node = new PatternReader(pattern).Read();
        return [.. Enumerable.Range(0, 2 * Count).Select(variation => new PatternExamples(variation, least).Make(node)).OfType<string>().Where(text => compiled.IsMatch(text)).Distinct().Take(Count)];
    }

    private string? Make(PatternNode node) => Add(node) ? _text.ToString() : null;

    private bool Add(PatternNode node)
    {
        if (_text.Length > MaxLength) return false;
        switch (node)
        {
            case PatternNode.Characters characters:
                var fitting = Array.FindAll(Preferred, characters.Set.Contains);
                if (fitting.Length == 0) return false;
                _text.Append(fitting[_variation % fitting.Length]);
                return true;
            case PatternNode.Sequence sequence: return sequence.Parts.All(Add);
            case PatternNode.Choice choice: return Add(choice.Ways[_variation % choice.Ways.Count]);
            case PatternNode.Repetition repetition: return Repeat(repetition);
            default: return true;
        }
    }

    private bool Repeat(PatternNode.Repetition repetition)
    {
        // From the third on one more than has to be; as many as it takes to be long enough.
        var times = Math.Min(repetition.Least + (_variation > 1 ? 1 : 0), repetition.Most ?? int.MaxValue);
        for (var i = 0; i < times || (_text.Length < _least && i < (repetition.Most ?? MaxLength)); i++)
        {
            if (!Add(repetition.Part)) return false;
        }

        return true;
    }
}
