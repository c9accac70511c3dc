using Crm.Wfm.Decisions.Reading;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Bundles;

/// <summary>A bundle being read: the document, what was found wrong so far, and what several checks ask for, made once.</summary>
internal sealed class BundleDraft
{
    private const int MaxFaults = 2000;
    private const int MaxHints = 100;
    private const int MaxExamples = 100;
    private const int LongestExample = 16_000;

    private readonly Dictionary<string, Rule?> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonSchema?> _schemas = new(StringComparer.Ordinal);
    private int _examples;

    public BundleDraft(Value document, IReadOnlyCollection<string> actions, List<Fault> faults)
    {
        Faults = faults;
        Root = new Member("", document, "");
        Actions = actions;
        Decisions = new DecisionDrafts(this);
        ProjectTypes = Root["projectTypes"].Members().ToLookup(type => type["workflow"].Text);
        Workflows = Root["workflows"].Members().ToDictionary(w => w.Name, w => new WorkflowDraft(w, this), StringComparer.Ordinal);
    }

    public Member Root { get; }

    public IReadOnlyCollection<string> Actions { get; }

    /// <summary>Gets the project types by the workflow they use.</summary>
    public ILookup<string?, Member> ProjectTypes { get; }

    public List<Fault> Faults { get; }

    public List<Fault> Warnings { get; } = [];

    public IReadOnlyDictionary<string, WorkflowDraft> Workflows { get; }

    public DecisionDrafts Decisions { get; }

    /// <summary>Gets the types of the events each automation tells; <c>null</c> for one that may tell any.</summary>
    public List<IReadOnlyCollection<string>?> Told { get; } = [];

    public string Language => Root["bundle"]["defaultLanguage"].Text ?? "en";

    public Names Names => field ??= new Names(Root);

    /// <summary>Gets whether there are so many faults that looking for more only costs time.</summary>
    public bool IsFull => Faults.Count >= MaxFaults;

    public void Refuse(Member place, string key, string message, Value example = default)
    {
        if (!IsFull) Faults.Add(new Fault(place.Pointer, key, message) { Example = Shown(example) });
    }

    /// <summary>Refuses what somebody found below a place.</summary>
    public void Refuse(Member place, IEnumerable<Fault> found)
    {
        if (!IsFull) Faults.AddRange(found.Select(fault => fault.Below(place.Pointer)));
    }

    public void Warn(Member place, string key, string message, Value example = default)
    {
        if (Warnings.Count < MaxFaults) Warnings.Add(new Fault(place.Pointer, key, message) { Example = Shown(example) });
    }

    /// <summary>Examples are for those who read them: not too many, nor too long ones.</summary>
    private Value Shown(Value example) => example.IsNull || ++_examples > MaxExamples || example.ToString().Length > LongestExample ? Value.Null : example;

    /// <summary>Guesses what was meant, for the first faults only: guessing takes time.</summary>
    public string Hint(string word, IEnumerable<string> known) => Faults.Count + Warnings.Count < MaxHints ? Closest.Hint(word, known) : "";

    /// <summary>Compiles a rule, once; its faults are told the first time.</summary>
    public Rule? Rule(Member place)
    {
        if (_rules.TryGetValue(place.Pointer, out var known)) return known;
        var faults = new List<Fault>();
        Rules.Rule.TryCompile(place.Value, faults, Decisions.Find, out known);
        Refuse(place, faults);
        return _rules[place.Pointer] = known;
    }

    /// <summary>Reads words for people; <c>null</c> when there are none.</summary>
    public Text? Text(Member words)
    {
        if (words.Text is { } plain) return new Text(plain, new Dictionary<string, string> { [Language] = plain });
        if (words.Value.AsObject is not { } languages) return null;
        var texts = languages.ToDictionary(t => t.Key, t => t.Value.AsText!);
        return new Text(texts.GetValueOrDefault(Language) ?? texts.Values.First(), texts);
    }

    /// <summary>Reads a schema, once; <c>null</c> when there is none or it has faults, which validation told already.</summary>
    public JsonSchema? Schema(Member place)
    {
        if (place.Value.IsNull) return null;
        if (!_schemas.TryGetValue(place.Pointer, out var schema)) _schemas[place.Pointer] = schema = JsonSchema.Read(place.Value, []);
        return schema;
    }
}

/// <summary>The keys a bundle defines.</summary>
internal sealed class Names(Member root)
{
    public HashSet<string> Roles { get; } = root["roles"].Names();

    public HashSet<string> Statuses { get; } = root["statuses"].Names();

    public HashSet<string> Params { get; } = root["params"].Names();

    public HashSet<string> Calendars { get; } = root["calendars"].Names();

    public HashSet<string> Subjects { get; } = root["subjects"].Names();

    public HashSet<string> Workflows { get; } = root["workflows"].Names();

    public HashSet<string> Decisions { get; } = root["decisions"].Names();

    /// <summary>Gets whether other bundles are built on, from which roles and subjects may come.</summary>
    public bool MayComeFromElsewhere { get; } = root["bundle"]["requires"].Members().Any();
}
