namespace Crm.Wfm.Patterns;

/// <summary>A piece of a pattern as it was read.</summary>
internal abstract record PatternNode
{
    private PatternNode()
    {
    }

    public sealed record Characters(CharSet Set) : PatternNode;

    public sealed record Place(Operation Kind) : PatternNode;

    public sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    public sealed record Choice(IReadOnlyList<PatternNode> Ways) : PatternNode;

    /// <param name="Part">What is repeated.</param>
    /// <param name="Least">How often it has to be there.</param>
    /// <param name="Most">How often it may be there; <c>null</c> for any number.</param>
    public sealed record Repetition(PatternNode Part, int Least, int? Most) : PatternNode;
}

/// <summary>What an instruction does.</summary>
internal enum Operation
{
    /// <summary>Takes a character of a set.</summary>
    Take,

    /// <summary>Goes on in two places.</summary>
    Split,

    /// <summary>Goes on elsewhere.</summary>
    Jump,

    /// <summary>Goes on at the beginning of the text.</summary>
    Begin,

    /// <summary>Goes on at its end.</summary>
    End,

    /// <summary>Goes on where a word begins or ends.</summary>
    Boundary,

    /// <summary>Goes on everywhere else.</summary>
    NoBoundary,

    /// <summary>Has matched.</summary>
    Match,
}

/// <summary>One step of a pattern that was compiled.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="First">Where <see cref="Operation.Split"/> and <see cref="Operation.Jump"/> go on.</param>
/// <param name="Second">Where <see cref="Operation.Split"/> goes on as well.</param>
/// <param name="Set">What <see cref="Operation.Take"/> takes.</param>
internal readonly record struct Instruction(Operation Kind, int First = 0, int Second = 0, CharSet? Set = null);

/// <summary>Writes the instructions of a pattern. What is repeated is written out, so the number of instructions is what a pattern costs.</summary>
internal sealed class PatternProgram
{
    public const int MaxLength = 2000;

    private readonly List<Instruction> _instructions = [];

    /// <summary>Compiles a pattern; <c>null</c> when it is too large.</summary>
    public static Instruction[]? Of(PatternNode pattern)
    {
        var program = new PatternProgram();
        if (!program.Emit(pattern)) return null;
        program._instructions.Add(new(Operation.Match));
        return [.. program._instructions];
    }

    private bool Emit(PatternNode node) => node switch
    {
        PatternNode.Characters characters => Add(new(Operation.Take, Set: characters.Set)),
        PatternNode.Place place => Add(new(place.Kind)),
        PatternNode.Sequence sequence => sequence.Parts.All(Emit),
        PatternNode.Choice choice => Emit(choice.Ways),
        PatternNode.Repetition repetition => Emit(repetition),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private bool Add(Instruction instruction)
    {
        _instructions.Add(instruction);
        return _instructions.Count < MaxLength;
    }

    private bool Emit(IReadOnlyList<PatternNode> ways)
    {
        var ends = new List<int>();
        for (var i = 0; i + 1 < ways.Count; i++)
        {
            var split = _instructions.Count;
            if (!Add(default) || !Emit(ways[i])) return false;
            ends.Add(_instructions.Count);
            if (!Add(default)) return false;
            _instructions[split] = new(Operation.Split, split + 1, _instructions.Count);
        }

        if (!Emit(ways[^1])) return false;
        foreach (var end in ends) _instructions[end] = new(Operation.Jump, _instructions.Count);
        return true;
    }

    private bool Emit(PatternNode.Repetition repetition)
    {
        for (var i = 0; i < repetition.Least; i++)
        {
            var before = _instructions.Count;
            if (!Emit(repetition.Part)) return false;
            if (_instructions.Count == before) return true; // nothing, however often
        }

        return repetition.Most is { } most ? EmitOptional(repetition.Part, most - repetition.Least) : EmitLoop(repetition.Part);
    }

    private bool EmitLoop(PatternNode part)
    {
        var split = _instructions.Count;
        if (!Add(default) || !Emit(part) || !Add(new(Operation.Jump, split))) return false;
        _instructions[split] = new(Operation.Split, split + 1, _instructions.Count);
        return true;
    }

    private bool EmitOptional(PatternNode part, int times)
    {
        var splits = new List<int>();
        for (var i = 0; i < times; i++)
        {
            splits.Add(_instructions.Count);
            if (!Add(default) || !Emit(part)) return false;
        }

        foreach (var split in splits) _instructions[split] = new(Operation.Split, split + 1, _instructions.Count);
        return true;
    }
}
