using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions.Reading;

/// <summary>The decisions of a bundle being read, each compiled when it is first asked for: by a rule, by another decision, or in the end.</summary>
internal sealed class DecisionDrafts(BundleDraft draft)
{
    /// <summary>How many decisions may read each other in a row.</summary>
    public const int MaxDepth = 16;

    private readonly Dictionary<string, Decision?> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _deepestRead = new(StringComparer.Ordinal);
    private readonly List<string> _reading = [];

    /// <summary>Gets a decision; <c>null</c> when there is none, or it has faults, which are told.</summary>
    public Decision? this[string key]
    {
        get
        {
            if (_known.TryGetValue(key, out var known)) return known;
            if (!draft.Names.Decisions.Contains(key)) return null;
            _reading.Add(key);
            var decision = new DecisionReader(draft, draft.Root["decisions"][key]).Read();
            _reading.RemoveAt(_reading.Count - 1);
            return _known[key] = decision;
        }
    }

    /// <summary>Gets how many decisions in a row a decision reads.</summary>
    public int DeepestRead(string key) => _deepestRead.GetValueOrDefault(key);

    /// <summary>Finds a decision for a rule.</summary>
    public (Decision? Decision, Failing? Problem) Find(string key)
    {
        if (!draft.Names.Decisions.Contains(key))
            return (null, new Failing("unknown-decision", $"There is no decision '{key}'{draft.Hint(key, draft.Names.Decisions)}.", RuleErrors.WrongArguments));
        if (_reading.Contains(key))
            return (null, new Failing("decision-cycle", $"Decisions read each other in a circle: {string.Join(" reads ", _reading.SkipWhile(k => k != key).Append(key))}.", RuleErrors.WrongArguments));
        if (_reading.Count == MaxDepth)
            return (null, new Failing("decision-depth", $"More than {MaxDepth} decisions read each other in a row.", RuleErrors.WrongArguments));
        var decision = this[key];
        return decision is null ? default : Read(decision);
    }

    // One that was read before is deep from the start, however short the way here was.
    private (Decision? Decision, Failing? Problem) Read(Decision decision)
    {
        if (_reading is not [.., var reader]) return (decision, null);
        _deepestRead[reader] = Math.Max(DeepestRead(reader), decision.Depth);
        return decision.Depth < MaxDepth
            ? (decision, null)
            : (null, new Failing("decision-depth", $"More than {MaxDepth} decisions read each other in a row.", RuleErrors.WrongArguments));
    }
}
