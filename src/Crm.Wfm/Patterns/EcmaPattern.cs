namespace Crm.Wfm.Patterns;

/// <summary>
/// A regular expression that means what it means in a browser, and whose matching costs what can be counted: at most its length for each character. Runtimes offer
/// matching in linear time too, but with factors of minutes: docs/decisions/rules.md has the figures.
/// </summary>
internal sealed class EcmaPattern
{
    private const int MaxLength = 1000;
    private const int OnStack = 256;

    private readonly Instruction[] _program;
    private readonly bool _isAnchored;

    private EcmaPattern(Instruction[] program) => (_program, _isAnchored) = (program, program[0].Kind == Operation.Begin);

    /// <summary>Compiles a pattern; <c>null</c> with the problem when it is malformed, too large or needs backtracking (look-around, back-references).</summary>
    public static EcmaPattern? Compile(string pattern, out string problem)
    {
        problem = $"it is longer than {MaxLength} characters";
        if (pattern.Length > MaxLength) return null;
        try
        {
            problem = $"with its repetitions written out it has more than {PatternProgram.MaxLength} parts";
            return PatternProgram.Of(new PatternReader(pattern).Read()) is { } program ? new(program) : null;
        }
        catch (FormatException e)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>Tells whether the pattern matches anywhere in a text that is short.</summary>
    public bool IsMatch(ReadOnlySpan<char> text) => IsMatch(text, int.MaxValue, out _)!.Value;

    /// <summary>Tells whether the pattern matches anywhere in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many steps it may take.</param>
    /// <param name="steps">How many it took.</param>
    /// <returns><c>null</c> when they did not suffice.</returns>
    public bool? IsMatch(ReadOnlySpan<char> text, int most, out int steps)
    {
        var size = _program.Length;
        var places = size <= OnStack ? stackalloc int[4 * size + 1] : new int[4 * size + 1];
        Span<int> current = places[..size], next = places[size..(2 * size)], seen = places[(2 * size)..(3 * size)], pending = places[(3 * size)..];
        seen.Fill(-1);
        var (count, isMatch) = (0, false);
        steps = 0;
        for (var at = 0; ; at++)
        {
            // Each place may be where the match begins.
            Follow(0, text, at, current, ref count, pending, seen, ref steps, ref isMatch);
            if (isMatch) return true;
            if (at == text.Length || (count == 0 && _isAnchored)) return false;
            if (steps > most) return null;
            var reached = 0;
            for (var i = 0; i < count; i++)
            {
                if (_program[current[i]].Set!.Contains(text[at])) Follow(current[i] + 1, text, at + 1, next, ref reached, pending, seen, ref steps, ref isMatch);
            }

            steps += count;
            count = reached;
            var swap = current;
            current = next;
            next = swap;
        }
    }

    /// <summary>Adds all instructions that take a character and can be reached without taking one.</summary>
    private void Follow(int start, ReadOnlySpan<char> text, int at, Span<int> takers, ref int count, Span<int> pending, Span<int> seen, ref int steps, ref bool isMatch)
    {
        var waiting = 0;
        pending[waiting++] = start;
        while (waiting > 0)
        {
            var place = pending[--waiting];
            if (seen[place] == at) continue;
            seen[place] = at;
            steps++;
            var instruction = _program[place];
            switch (instruction.Kind)
            {
                case Operation.Take: takers[count++] = place; break;
                case Operation.Match: isMatch = true; break;
                case Operation.Jump: pending[waiting++] = instruction.First; break;
                case Operation.Split:
                    pending[waiting++] = instruction.Second;
                    pending[waiting++] = instruction.First;
                    break;
                default:
                    if (IsAt(instruction.Kind, text, at)) pending[waiting++] = place + 1;
                    break;
            }
        }
    }

    private static bool IsAt(Operation place, ReadOnlySpan<char> text, int at) => place switch
    {
        Operation.Begin => at == 0,
        Operation.End => at == text.Length,
        _ => (IsWord(text, at - 1) != IsWord(text, at)) == (place == Operation.Boundary),
    };

    private static bool IsWord(ReadOnlySpan<char> text, int at) => (uint)at < (uint)text.Length && CharPart.WordCharacters.Contains(text[at]);
}
