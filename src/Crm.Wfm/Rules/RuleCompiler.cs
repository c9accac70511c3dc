using System.Globalization;
using Crm.Wfm.Rules.Operators;

namespace Crm.Wfm.Rules;

/// <summary>Turns JsonLogic into terms and collects every fault on the way; a faulty piece becomes <c>null</c>, so that the rest is still looked at.</summary>
internal sealed class RuleCompiler(ICollection<Fault> faults)
{
    public const int MaxDepth = 64;
    public const int MaxNodes = 10_000;

    // The way to the piece in hand, made a JSON Pointer only when there is a fault.
    private readonly List<string> _place = [];
    private int _depth;
    private int _nodes;

    public Term Compile(in Value source)
    {
        if (++_nodes > MaxNodes)
        {
            if (_nodes == MaxNodes + 1) Report("rule-size", $"The rule has more than {MaxNodes:N0} parts.");
            return Literal.Null;
        }

        if (source.Kind != ValueKind.List && source.AsObject is null or { Count: 0 }) return new Literal(source);
        if (_depth == MaxDepth)
        {
            Report("rule-depth", $"The rule is nested more than {MaxDepth} levels deep.");
            return Literal.Null;
        }

        _depth++;
        var term = source.AsObject is { } call ? CompileCall(call) : CompileList(in source);
        _depth--;
        return term;
    }

    private Term CompileList(in Value source)
    {
        var items = CompileAll(source.AsList);
        return Array.TrueForAll(items, item => item is Literal) ? new Literal(source) : new ListOfTerms(items);
    }

    private Term CompileCall(FactObject source)
    {
        if (source.Count > 1)
        {
            Report("rule-object", $"A rule names one operator; this object has {source.Count} members.");
            return Literal.Null;
        }

        var name = source.Shape.Names[0];
        var found = Operator.Find(name);
        if (found is null) ReportUnknown(name);
        _place.Add(name);
        var arguments = CompileArguments(in source.Slots[0]);
        var term = found is null ? Literal.Null : Build(found, arguments);
        _place.RemoveAt(_place.Count - 1);
        return term;
    }

    /// <summary>An argument that is no list stands for a list of one.</summary>
    private Term[] CompileArguments(in Value source) => source.Kind == ValueKind.List ? CompileAll(source.AsList) : [Compile(in source)];

    private Term[] CompileAll(ReadOnlySpan<Value> sources)
    {
        var terms = new Term[sources.Length];
        for (var i = 0; i < terms.Length; i++)
        {
            _place.Add(i.ToString(CultureInfo.InvariantCulture));
            terms[i] = Compile(in sources[i]);
            _place.RemoveAt(_place.Count - 1);
        }

        return terms;
    }

    private Term Build(Operator found, Term[] arguments)
    {
        if (arguments.Length < found.Least || arguments.Length > found.Most)
        {
            Report("rule-arguments", $"'{found.Name}' takes {found.Arity}, not {arguments.Length}.");
            return Literal.Null;
        }

        var term = found.Compile(new(found.Name, arguments));
        if (term.Paths.Any(path => path.IsTooLong))
        {
            Report("rule-path", $"A path has at most {FactPath.MaxLength} characters and {FactPath.MaxSegments} segments.");
        }

        return term;
    }

    private void ReportUnknown(string name)
    {
        var shown = name.Length > 40 ? name[..40] + "…" : name;
        var hint = Closest.To(name, Operator.Names) is { } near ? $" Did you mean '{near}'?" : "";
        Report("rule-operator", $"There is no operator '{shown}'.{hint}");
    }

    private void Report(string key, string message) =>
        faults.Add(new(string.Concat(_place.Select(JsonPointer.Token)), key, message));
}
