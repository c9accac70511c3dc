using Crm.Wfm.Patterns;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Schemas;

/// <summary>One validation: where it is, what it found, and how much it may still do.</summary>
/// <param name="most">How many schemas it may look at.</param>
internal sealed class SchemaRun(int most = SchemaRun.MaxVisits)
{
    private const int MaxFaults = 1000;
    private const int MaxHints = 100;
    private const int MaxDepth = 512;
    public const int MaxVisits = 10_000_000;
    private const int StepsPerVisit = 20;

    private readonly PointerStack _path = new();
    private List<Fault> _faults = [];
    private int _depth;
    private Fault? _stop;

    /// <summary>Gets how many schemas it has looked at.</summary>
    public int Visits { get; private set; }

    public IReadOnlyList<Fault> Faults => _stop is null ? _faults : [.. _faults, _stop];

    /// <summary>Validates a value; checks the depth before it recurses, as a full stack cannot be caught, and the work, as alternatives multiply.</summary>
    public void Visit(SchemaNode node, Value value)
    {
        if (_stop is not null) return;
        if (++Visits > most) Stop("too-complex", "takes too long to validate");
        else if (_depth == MaxDepth) Stop("too-deep", "is nested too deep to validate");
        else
        {
            _depth++;
            foreach (var check in node.Checks) check(value, this);
            _depth--;
        }
    }

    /// <summary>Matches a text; long ones are work, too.</summary>
    public bool Matches(EcmaPattern pattern, string text)
    {
        if (_stop is not null) return true;
        var isMatch = pattern.IsMatch(text, (most - Visits) * StepsPerVisit, out var steps);
        Visits += steps / StepsPerVisit;
        if (isMatch is null) Stop("too-complex", "takes too long to validate");
        return isMatch ?? true;
    }

    public void Visit(SchemaNode node, string member, Value value)
    {
        _path.Push(member);
        Visit(node, value);
        _path.Pop();
    }

    public void Visit(SchemaNode node, int index, Value value)
    {
        _path.Push(index);
        Visit(node, value);
        _path.Pop();
    }

    /// <summary>Validates without telling: what would be wrong is returned.</summary>
    public IReadOnlyList<Fault> Try(SchemaNode node, Value value)
    {
        var told = _faults;
        _faults = [];
        Visit(node, value);
        var found = _faults;
        _faults = told;
        return found;
    }

    /// <summary>Guesses what was meant, for the first faults: guessing takes time, and who makes hundreds of mistakes did not misspell.</summary>
    public string Hint(string word, IEnumerable<string> known) => _faults.Count < MaxHints ? Closest.Hint(word, known) : "";

    public bool IsHere(Fault fault) => fault.Pointer == _path.ToString();

    public void Refuse(string key, string message)
    {
        if (_faults.Count <= MaxFaults) Add(new Fault(_path.ToString(), key, message));
    }

    public void RefuseMember(string member, string key, string message)
    {
        _path.Push(member);
        Refuse(key, message);
        _path.Pop();
    }

    public void RefuseBelow(Fault fault) => Add(fault.Below(_path.ToString()));

    public void Add(Fault fault)
    {
        if (_faults.Count < MaxFaults) _faults.Add(fault);
        else if (_faults.Count == MaxFaults) _faults.Add(new Fault("", "too-many", $"has more than {MaxFaults} faults; these are the first"));
    }

    /// <summary>Ends the run; kept apart from the faults, so that a branch that is only tried cannot lose it.</summary>
    private void Stop(string key, string message) => _stop = new Fault(_path.ToString(), key, message);
}
