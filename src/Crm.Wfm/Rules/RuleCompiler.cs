using System.Globalization;
using Crm.Wfm.Decisions;
using Crm.Wfm.Rules.Operators;

namespace Crm.Wfm.Rules;

/// <summary>
/// Turns a rule into terms and collects every fault on the way. A faulty piece becomes a term that fails when it is evaluated: the rest is still looked at, and who does
/// not care for the faults has a rule all the same.
/// </summary>
/// <param name="faults">Receives the faults.</param>
/// <param name="decisions">Finds the decisions rules may read; <c>null</c> where there are none.</param>
/// <param name="records">Whether the terms are to record what comes of them; not those that are evaluated for each item of a list.</param>
internal sealed class RuleCompiler(ICollection<Fault> faults, DecisionFinder? decisions = null, bool records = false)
{
    public const int MaxDepth = 64;
    public const int MaxNodes = 10_000;

    // Guessing what was meant takes time.
    private const int MaxHints = 10;

    // The way to the piece in hand, made a JSON Pointer only when there is a fault.
    private readonly List<string> _place = [];
    private readonly List<string> _names = [];
    private Failing? _limit;
    private int _depth;
    private int _nodes;
    private int _hints;
    private int _iterators;
    private int _levels;
    private bool _climbs;
    private double _estimate;

    /// <summary>Gets the facts the rule names.</summary>
    public IEnumerable<string> Names => _names;

    /// <summary>Gets whether the rule looks up what has no name: by a computed path, or the data as a whole.</summary>
    public bool ReadsComputed { get; private set; }

    /// <summary>Gets how many parts the rule has.</summary>
    public int Size => _nodes;

    public Term CompileWhole(in Value source)
    {
        var term = Compile(in source);
        if (_limit is null && _estimate > Run.Budget)
        {
            Report("rule-cost", string.Create(CultureInfo.InvariantCulture,
                $"The rule may take {_estimate:N0} steps, more than the {Run.Budget:N0} it is given: lists within lists multiply. A list of facts is taken to have {Term.TypicalItems} items."));
        }

        return _limit is { } limit ? Record(limit) : term;
    }

    private Term Compile(in Value source)
    {
        if (_limit is not null) return _limit;
        if (++_nodes > MaxNodes) return Stop("rule-size", string.Create(CultureInfo.InvariantCulture, $"The rule has more than {MaxNodes:N0} parts."));
        _estimate++;
        if (source.Kind != ValueKind.List && source.AsObject is null or { Count: 0 }) return Record(new Literal(source));
        if (_depth == MaxDepth) return Stop("rule-depth", $"The rule is nested more than {MaxDepth} levels deep.");
        _depth++;
        var term = source.AsObject is { } call ? CompileCall(call) : CompileList(in source);
        _depth--;
        return term;
    }

    private Term CompileList(in Value source)
    {
        var items = CompileAll(source.AsList, null, out _);
        return Record(Array.TrueForAll(items, item => item.Constant is not null) ? new Literal(Value.From([.. items.Select(item => item.Constant!.Value)])) : new ListOfTerms(items));
    }

    private Term CompileCall(FactObject source)
    {
        var name = source.Shape.Names[0];
        if (source.Count > 1) return Refuse("rule-object", $"A rule names one operator; this object has {source.Count} members. As it is it stands in 'preserve'.", RuleErrors.Unknown(name));
        var (arguments, found) = (source.Slots[0], Operator.Find(name));
        var unknown = found is null ? Refuse("rule-operator", Unknown(name), RuleErrors.Unknown(name)) : null;
        _place.Add(name);
        var mark = _names.Count;
        var term = found is null ? Skip(in arguments, unknown!) : Build(found, in arguments);
        if (term is Failing { IsFinal: false } failing && failing != unknown) Report(failing.Key, failing.Message);
        Note(term.Reading, mark);
        _place.RemoveAt(_place.Count - 1);
        var shown = term.Reading.Paths is null ? Value.Null : name == "var" && arguments.Kind == ValueKind.List ? arguments.AsList is [var path, ..] ? path : Value.Null : arguments;
        return Record(term, name, shown);
    }

    private Term Build(Operator found, in Value source)
    {
        if (found.Form == Form.Literal) return new Literal(source);
        if (source.Kind != ValueKind.List) return BuildUnary(found, in source);
        return Build(found, CompileAll(source.AsList, found, out var body), body);
    }

    /// <summary>An argument that is no list.</summary>
    private Term BuildUnary(Operator found, in Value source)
    {
        var argument = Compile(in source);
        if (found.Form is Form.List or Form.Each) return Failing.Arguments($"'{found.Name}' takes {found.Arity}, as a list.");
        if (found.Form is not (Form.Spread or Form.Fold) || argument.Constant is { Kind: not ValueKind.List }) return Build(found, [argument], default);
        if (argument.Constant is { } list) return Build(found, Array.ConvertAll<Value, Term>(list.AsList.ToArray(), item => new Literal(item)), default);
        return found.Form == Form.Fold ? found.Compile(new([argument], IsRecording, IsSpread: true)) : new Late(found, [argument], isSpread: true);
    }

    private Term Build(Operator found, Term[] arguments, Body body) => found.Takes(arguments.Length)
        ? found.Compile(new(arguments, IsRecording, body, Decisions: decisions))
        : Failing.Arguments($"'{found.Name}' takes {found.Arity}, not {arguments.Length}.");

    /// <summary>Looks for further faults only.</summary>
    private Failing Skip(in Value source, Failing unknown)
    {
        if (source.Kind == ValueKind.List) CompileAll(source.AsList, null, out _);
        else Compile(in source);
        return unknown;
    }

    private Term[] CompileAll(ReadOnlySpan<Value> sources, Operator? found, out Body body)
    {
        body = default;
        var terms = new Term[sources.Length];
        for (var i = 0; i < terms.Length; i++)
        {
            _place.Add(i.ToString(CultureInfo.InvariantCulture));
            terms[i] = found?.IsInner(i) != true ? Compile(in sources[i]) : found.Form == Form.Each ? CompileEach(in sources[i], terms[0], out body) : CompileInner(in sources[i]);
            if (_limit is not null) return [];
            _place.RemoveAt(_place.Count - 1);
        }

        return terms;
    }

    /// <summary>Two levels lie between what an iterator or a <c>try</c> shows its argument and the data around.</summary>
    private Term CompileInner(in Value source)
    {
        _levels += 2;
        var term = Compile(in source);
        _levels -= 2;
        return term;
    }

    private Term CompileEach(in Value source, Term list, out Body body)
    {
        var (nodes, estimate, climbed) = (_nodes, _estimate, _climbs);
        _climbs = false;
        _iterators++;
        var term = CompileInner(in source);
        _iterators--;
        _estimate = estimate + (_estimate - estimate) * list.Items;
        body = new(_nodes - nodes, _climbs);
        _climbs |= climbed;
        return term;
    }

    private void Note(Reading reading, int mark)
    {
        var isOutermost = reading.Levels < 0 || reading.Levels == _levels;
        _climbs |= reading.Levels > 0 || reading.IsComputed;
        ReadsComputed |= reading.IsComputed;
        if (!isOutermost || reading.Paths is not { } paths) return;
        ReadsComputed |= paths.Any(path => path.IsEmpty);
        _names.InsertRange(mark, paths.Where(path => path.Name.Length > 0).Select(path => path.Name));
    }

    private bool IsRecording => records && _iterators == 0;

    private Term Record(Term term, string? name = null, Value shown = default) => IsRecording ? new Recorded(name, shown, term) : term;

    private string Unknown(string name)
    {
        var shown = name.Length > 40 ? name[..40] + "…" : name;
        var hint = _hints++ < MaxHints && Closest.To(name, Operator.Names) is { } near ? $" Did you mean '{near}'?" : "";
        return $"There is no operator '{shown}'.{hint}";
    }

    private Failing Refuse(string key, string message, Value error)
    {
        Report(key, message);
        return new(key, message, error);
    }

    private Failing Stop(string key, string message)
    {
        Report(key, message);
        return _limit = new(key, message, RuleErrors.Limit(message), isFinal: true);
    }

    private void Report(string key, string message) => faults.Add(new(string.Concat(_place.Select(JsonPointer.Token)), key, message));
}
