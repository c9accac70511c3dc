using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Crm.Wfm.Subjects;
using Npgsql;

namespace Crm.Wfm.Bundles;

/// <summary>Imports bundles into the current workspace: publishes immutable versions, or says every reason why not.</summary>
public sealed class BundlePublisher
{
    private readonly HostContext _host;
    private readonly SubjectTypes _subjects;
    private readonly PostActionNames _actions;
    private readonly IAutomationCheck? _automations;
    private readonly IReadOnlyList<IBundlePublication> _publications;
    private readonly IReadOnlyCollection<string>? _events;
    private readonly TimeProvider _time;

    internal BundlePublisher(
        HostContext host, SubjectTypes subjects, PostActionNames actions, IAutomationCheck? automations, IEnumerable<IBundlePublication> publications, IEnumerable<string>? events, TimeProvider time)
    {
        (_host, _subjects, _actions, _automations, _publications, _time) = (host, subjects, actions, automations, [.. publications], time);
        _events = events is null ? null : [.. events, .. subjects.MovedEvents];
    }

    /// <summary>Reads, checks, tests and publishes a bundle in one transaction. The same content again is a no-op.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="actor">Who publishes.</param>
    /// <param name="dryRun">Whether to do all but store it.</param>
    /// <param name="ct">Cancels; nothing is stored then.</param>
    public Task<PublishResult> PublishAsync(ReadOnlyMemory<byte> utf8, Actor actor, bool dryRun, CancellationToken ct) => PublishAsync(utf8, actor, dryRun, null, ct);

    /// <summary>Reads, checks, tests and publishes a bundle in one transaction, even where its own tests fail. The same content again is a no-op.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="actor">Who publishes.</param>
    /// <param name="dryRun">Whether to do all but store it.</param>
    /// <param name="despiteFailingTests">Why it is published although tests of its own fail: kept with the publication, together with their keys. <c>null</c> refuses it then.</param>
    /// <param name="ct">Cancels; nothing is stored then.</param>
    /// <exception cref="ArgumentException">The reason is empty, longer than <see cref="TestOverride.MaxReason"/>, or holds what no database text can.</exception>
    public async Task<PublishResult> PublishAsync(ReadOnlyMemory<byte> utf8, Actor actor, bool dryRun, string? despiteFailingTests, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (despiteFailingTests is not null && TestOverride.Check(despiteFailingTests, "") is { } wrong) throw new ArgumentException(wrong.Message, nameof(despiteFailingTests));
        var reading = BundleReader.Read(utf8, _actions.All, _automations, _events);
        if (reading.Bundle is not { } bundle) return new PublishResult.Faulty(reading.Faults, reading.Warnings);
        var failed = ScenarioRunner.RunAll(bundle).Where(r => !r.Passed).ToList();
        List<Fault> failures = [.. failed.SelectMany(r => r.Failures.Select(f => f.Below($"/tests/{r.Scenario}")))];
        if (CheckHost(bundle) is { Count: > 0 } unfit) return new PublishResult.Faulty([.. failures, .. unfit], reading.Warnings);

        await using var transaction = await EngineTransaction.BeginAsync(_host, ct);
        var published = await PublishedBundles.LockAsync(transaction, bundle, ct);
        // What was published despite its tests is published: asking for it again asks for nothing.
        IReadOnlyList<Fault> warnings = [.. failures, .. reading.Warnings];
        if (published.IsSame) return new PublishResult.Unchanged(bundle, warnings);
        var faults = published.Check();
        if (failed.Count > 0 && despiteFailingTests is null) return new PublishResult.Faulty([.. failures, .. faults], reading.Warnings);
        if (faults.Count > 0) return new PublishResult.Faulty(faults, warnings);
        var despite = failed.Count > 0 ? new TestOverride(despiteFailingTests!, [.. failed.Select(r => r.Scenario)]) : null;
        if (dryRun) return new PublishResult.Published(bundle, warnings, true) { DespiteFailingTests = despite, Against = published.Newest, Diff = await published.CompareAsync(transaction, ct) };
        await using var batch = transaction.Batch();
        AddPublish(batch, bundle, published, actor, despite);
        if (_publications.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(ct);
            batch.BatchCommands.Clear();
            foreach (var publication in _publications) await publication.PublishedAsync(_host, bundle, actor, _time.GetUtcNow(), ct);
        }

        await transaction.CommitAsync(batch, ct);
        return new PublishResult.Published(bundle, warnings, false) { DespiteFailingTests = despite };
    }

    private IReadOnlyList<Fault> CheckHost(Bundle bundle) => [.. CheckFacts(bundle), .. CheckTargets(bundle)];

    // What rules of a governed entity may read is what its typed facts have.
    private IEnumerable<Fault> CheckFacts(Bundle bundle) =>
        from subject in bundle.Subjects
        where _subjects.IsGoverned(subject.Key)
        let known = _subjects[subject.Key].Schema!
        from fact in subject.Value.Source["properties"].AsObject ?? FactObject.Empty
        where known.At(JsonPointer.Token(fact.Key)) is null
        select new Fault($"/subjects/{subject.Key}/schema/properties{JsonPointer.Token(fact.Key)}", "unknown-fact",
            $"The host has no fact {fact.Key} of {subject.Key}. It has: {string.Join(", ", (known.Source["properties"].AsObject ?? FactObject.Empty).Select(p => p.Key))}.");

    // What post-actions of a governed entity may set is what the host lets be set.
    private IEnumerable<Fault> CheckTargets(Bundle bundle) =>
        from type in bundle.ProjectTypes.Values
        from transition in bundle.Workflows[type.Workflow].Transitions
        from action in transition.PostActions.Index()
        where action.Item.Target is not null
        let target = JsonPointer.Tokens(action.Item.Target!)!
        where target[0] == "entity" && !_subjects[type.Subject].CanSet(target[1])
        select new Fault($"/workflows/{type.Workflow}/transitions/{transition.Key}/postActions/{action.Index}/target", "read-only",
            $"The host lets no move set {target[1]} of {type.Subject}.");

    private void AddPublish(NpgsqlBatch batch, Bundle bundle, PublishedBundles published, Actor actor, TestOverride? despite)
    {
        var now = _time.GetUtcNow();
        var workflows = bundle.Workflows.Keys.Select(key => Object(
            ("id", Value.From(Guid.CreateVersion7(now))), ("key", Value.From(key)), ("hash", Value.From(bundle.SliceHash(key))), ("definition", bundle.Slice(key))));
        var types = bundle.ProjectTypes.Values.Select(t => Object(
            ("key", Value.From(t.Key)), ("subject", Value.From(t.Subject)), ("is_default", Value.From(published.IsDefault(t))),
            ("title", bundle.Document["projectTypes"][t.Key]["title"]), ("workflow", Value.From(t.Workflow)), ("hash", Value.From(bundle.SliceHash(t.Workflow)))));
        var roles = bundle.Roles.Keys.Select(key => Object(("key", Value.From(key)), ("title", bundle.Document["roles"][key]["title"])));
        batch.Add("select wfm.publish($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", bundle.Key, bundle.Version, bundle.ContentHash, bundle.ToText(),
            Json(workflows), Json(types), Json(roles), actor.Id, now.ToUniversalTime(), Batches.Jsonb(despite?.ToJson()));
    }

    private static object Json(IEnumerable<Value> items) => Batches.Jsonb(CanonicalJson.Text(Value.From([.. items])));

    private static Value Object(params ReadOnlySpan<(string Name, Value Value)> members)
    {
        var builder = new FactObjectBuilder();
        foreach (var (name, value) in members) builder[name] = value;
        return Value.From(builder.Build());
    }
}

/// <summary>What came of an import.</summary>
public abstract record PublishResult
{
    private PublishResult()
    {
    }

    /// <summary>The bundle is published, or would be (<paramref name="DryRun"/>).</summary>
    public sealed record Published(Bundle Bundle, IReadOnlyList<Fault> Warnings, bool DryRun) : PublishResult
    {
        /// <summary>Gets that tests of its own failed, whose failures are among the warnings, and why it is published all the same; <c>null</c> where all passed.</summary>
        public TestOverride? DespiteFailingTests { get; init; }

        /// <summary>Gets, of a dry run, the newest version that is published; <c>null</c> when there is none yet.</summary>
        public string? Against { get; init; }

        /// <summary>Gets, of a dry run, what would change against it.</summary>
        public BundleDiff? Diff { get; init; }
    }

    /// <summary>This very content is published already; nothing was written.</summary>
    public sealed record Unchanged(Bundle Bundle, IReadOnlyList<Fault> Warnings) : PublishResult;

    /// <summary>Nothing was stored.</summary>
    /// <param name="Faults">Every fault, never empty.</param>
    /// <param name="Warnings">Warnings, where reading got that far.</param>
    public sealed record Faulty(IReadOnlyList<Fault> Faults, IReadOnlyList<Fault> Warnings) : PublishResult;
}
