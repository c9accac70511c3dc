using Crm.Wfm.Bundles.BundleChecks;
using Crm.Wfm.Bundles.Proofs;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Bundles;

/// <summary>Reads a bundle from JSON and finds every fault in it.</summary>
public static class BundleReader
{
    /// <summary>The largest bundle read, in bytes.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    private const int MaxPatterns = 1000;

    private static readonly Lazy<JsonSchema> LazySchema = new(ReadSchema);

    /// <summary>Gets the schema every bundle has to conform to: the format's reference.</summary>
    public static JsonSchema Schema => LazySchema.Value;

    /// <summary>Reads a bundle. Never throws for what the bytes hold.</summary>
    /// <param name="utf8">The file; a byte order mark is skipped.</param>
    /// <param name="actions">Names of the post-actions the host registered besides <c>set</c> and <c>emit</c>; <c>null</c> for none.</param>
    /// <param name="automations">Says what of the automations cannot be run; <c>null</c> where nobody runs any: then they are warned about.</param>
    /// <param name="events">Types of the events the host emits besides the engine's own; <c>null</c> where that is not known: then automations may wait for any.</param>
    public static BundleReading Read(
        ReadOnlyMemory<byte> utf8, IReadOnlyCollection<string>? actions = null, IAutomationCheck? automations = null, IReadOnlyCollection<string>? events = null)
    {
        if (utf8.Length > MaxBytes) return new BundleReading(null, [new Fault("", "too-large", $"is larger than {MaxBytes / 1024 / 1024} MB")], []);
        var faults = new List<Fault>();
        return StrictJson.Read(utf8.Span, faults) is { } document ? Read(document, actions, automations, (draft, bundle) => BundleProofs.Check(draft, bundle, events, new Budget())) : new BundleReading(null, faults, []);
    }

    /// <summary>
    /// Reads a document that is parsed already: a published one, which the database may have written longer than it came in. Nothing is proved of it: what is published
    /// stays what it is.
    /// </summary>
    internal static BundleReading Read(Value document, IReadOnlyCollection<string>? actions) => Read(document, actions, null, null);

    private static BundleReading Read(Value document, IReadOnlyCollection<string>? actions, IAutomationCheck? automations, Action<BundleDraft, Bundle>? prove)
    {
        if (PatternCount(document) > MaxPatterns)
            return new BundleReading(null, [new Fault("", "too-complex", $"has more than {MaxPatterns} patterns; each takes time and memory")], []);
        var faults = new List<Fault>(Schema.Validate(document));
        return faults.Exists(fault => fault.Key is "max-items" or "max-properties" or "too-many" or "too-complex")
            ? new BundleReading(null, faults, [])
            : Check(new BundleDraft(document, actions ?? [], faults), automations, prove);
    }

    private static BundleReading Check(BundleDraft draft, IAutomationCheck? automations, Action<BundleDraft, Bundle>? prove)
    {
        // Checks look at broken documents too, so that one reading tells everything; they take only members of the right kind.
        References.Check(draft);
        ProjectTypes.Check(draft);
        Params.Check(draft);
        Graph.Check(draft);
        Guards.Check(draft);
        BundleChecks.Decisions.Check(draft);
        RuleFacts.Check(draft);
        PostActions.Check(draft);
        Tests.Check(draft);
        Triggers.Check(draft);
        Automations.Check(draft, automations);
        Conflicts.Check(draft);
        NotEnforced.Check(draft);
        var bundle = draft.Faults.Count == 0 ? BundleModel.Build(draft) : null;
        if (bundle is not null) prove?.Invoke(draft, bundle);
        return new BundleReading(draft.Faults.Count == 0 ? bundle : null, draft.Faults, draft.Warnings);
    }

    /// <summary>Counts roughly: a member that is merely called pattern counts too.</summary>
    private static int PatternCount(Value value)
    {
        var count = value["pattern"].AsText is null ? 0 : 1;
        foreach (var part in value.AsObject is { } o ? o.Slots : value.AsList) count += PatternCount(part);
        return count + (value["patternProperties"].AsObject?.Count ?? 0);
    }

    private static JsonSchema ReadSchema()
    {
        using var stream = typeof(BundleReader).Assembly.GetManifestResourceStream("bundle.schema.json")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var faults = new List<Fault>();
        var schema = StrictJson.Read(bytes.ToArray(), faults) is { } source ? JsonSchema.Read(source, faults) : null;
        return schema ?? throw new InvalidOperationException($"The bundle schema itself has faults: {string.Join("; ", faults)}");
    }
}

/// <summary>What came of reading a bundle.</summary>
/// <param name="Bundle">The bundle; <c>null</c> when there are faults.</param>
/// <param name="Faults">Every fault with its JSON Pointer.</param>
/// <param name="Warnings">What is understood but not enforced yet, and other advice.</param>
public sealed record BundleReading(Bundle? Bundle, IReadOnlyList<Fault> Faults, IReadOnlyList<Fault> Warnings);
