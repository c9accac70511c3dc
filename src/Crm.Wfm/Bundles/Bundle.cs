using Crm.Wfm.Decisions;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles;

/// <summary>The file that holds a process, read and found free of faults.</summary>
public sealed record Bundle
{
    /// <summary>Gets the key; owner of every key the bundle defines in a workspace.</summary>
    public required string Key { get; init; }

    /// <summary>Gets the semantic version, such as <c>2.1.0</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Gets the name for people.</summary>
    public Text? Title { get; init; }

    /// <summary>Gets the language of plain texts, a BCP 47 tag.</summary>
    public string DefaultLanguage { get; init; } = "en";

    /// <summary>Gets the other bundles it builds on: key → semver range.</summary>
    public IReadOnlyDictionary<string, string> Requires { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the roles it speaks of: key → title. They become roles of the workspace.</summary>
    public IReadOnlyDictionary<string, Text?> Roles { get; init; } = new Dictionary<string, Text?>();

    /// <summary>Gets the templates that say which workflow governs which kind of record.</summary>
    public required IReadOnlyDictionary<string, ProjectType> ProjectTypes { get; init; }

    /// <summary>Gets the statuses.</summary>
    public required IReadOnlyDictionary<string, Status> Statuses { get; init; }

    /// <summary>Gets the parameters by name, at <c>param.*</c>, with the values the bundle gives them.</summary>
    public Value Params { get; init; }

    /// <summary>Gets the workflows.</summary>
    public required IReadOnlyDictionary<string, Workflow> Workflows { get; init; }

    /// <summary>Gets the facts it relies on, by subject type.</summary>
    public IReadOnlyDictionary<string, JsonSchema> Subjects { get; init; } = new Dictionary<string, JsonSchema>();

    /// <summary>Gets the decision tables and scorecards.</summary>
    public IReadOnlyDictionary<string, Decision> Decisions { get; init; } = new Dictionary<string, Decision>();

    /// <summary>Gets the embedded tests of workflows in the bundle's order.</summary>
    public IReadOnlyDictionary<string, Scenario> Tests { get; init; } = new Dictionary<string, Scenario>();

    /// <summary>Gets the embedded tests of decisions in the bundle's order.</summary>
    public IReadOnlyDictionary<string, DecisionScenario> DecisionTests { get; init; } = new Dictionary<string, DecisionScenario>();

    /// <summary>Gets the whole document as it was read, unknown <c>x-*</c> members included.</summary>
    public required Value Document { get; init; }

    /// <summary>Gets SHA-256 (lower-case hex) over the RFC 8785 form of the document without layout (its own, and the designers' notes in flows) and <c>$schema</c>.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Writes the canonical text: RFC 8785 order and numbers, two spaces of indent.</summary>
    public string ToText() => CanonicalJson.Indented(Document);

    /// <summary>Copies a document without where designers draw things, which the content hash leaves out.</summary>
    public static Value WithoutLayout(Value document) => Layout.Without(document);

    /// <summary>
    /// Cuts out one workflow as a bundle of its own: with the statuses, roles, params, calendars and decisions it uses, the project types that use it and the subjects
    /// these govern; without title, tests, layout, automations and migrations. Its text is read by <see cref="BundleReader"/> again.
    /// </summary>
    /// <param name="workflow">Key of the workflow.</param>
    /// <exception cref="ArgumentException">The bundle has no such workflow.</exception>
    public Value Slice(string workflow) => SliceOf(workflow).Document();

    /// <summary>
    /// Gets SHA-256 (lower-case hex) over the RFC 8785 form of <see cref="Slice"/> without what does not decide about moves: the bundle's version, what it
    /// requires, which project type is the default. A workflow whose hash stays the same keeps its version.
    /// </summary>
    /// <inheritdoc cref="Slice" path="/param"/>
    /// <inheritdoc cref="Slice" path="/exception"/>
    public string SliceHash(string workflow) => SliceOf(workflow).Hash();

    /// <summary>Finds a decision for a rule of the bundle.</summary>
    internal (Decision? Decision, Failing? Problem) Find(string key) => (Decisions[key], null);

    private BundleSlice SliceOf(string workflow) => Workflows.ContainsKey(workflow)
        ? new BundleSlice(this, workflow)
        : throw new ArgumentException($"The bundle has no workflow '{workflow}'.", nameof(workflow));
}

/// <summary>Says which workflow governs which kind of record.</summary>
/// <param name="Key">Key, unique in a workspace.</param>
/// <param name="Title">Name for people.</param>
/// <param name="Workflow">Key of the workflow.</param>
/// <param name="Subject">The subject type it governs.</param>
/// <param name="Default">Whether it is the one used for its subject type when none is named; the only type of a subject is the default even without saying so.</param>
/// <param name="Fields">Schema of the project's own fields; <c>null</c> when it has none.</param>
public sealed record ProjectType(string Key, Text? Title, string Workflow, string Subject, bool Default, JsonSchema? Fields);

/// <summary>An embedded test: what is given, what is done, what is expected.</summary>
/// <param name="Key">Key, unique in the bundle.</param>
/// <param name="Workflow">Key of the workflow under test.</param>
/// <param name="Given">Members <c>entity</c>, <c>project</c>, <c>actor</c> (<c>id</c>, <c>roles</c>, <c>relations</c>), <c>step</c>, <c>now</c>, <c>params</c>, <c>counts</c>;
/// all optional.</param>
/// <param name="Steps">What is done in turn.</param>
public sealed record Scenario(string Key, string Workflow, Value Given, IReadOnlyList<ScenarioStep> Steps);

/// <summary>An embedded test of a decision.</summary>
/// <param name="Key">Key, unique in the bundle.</param>
/// <param name="Decision">Key of the decision under test.</param>
/// <param name="Given">Members <c>entity</c>, <c>project</c>, <c>actor</c>, <c>now</c>, <c>params</c>, and <c>inputs</c> that are given rather than computed; all optional.</param>
/// <param name="Outputs">Outputs it gives, with these values; <see cref="Value.Null"/> where none is expected, <c>null</c> is not looked at.</param>
/// <param name="Rows">Exactly these rows hit, in any order; <c>null</c> is not looked at.</param>
public sealed record DecisionScenario(string Key, string Decision, Value Given, Value? Outputs, IReadOnlyList<string>? Rows);

/// <summary>One act of a <see cref="Scenario"/>.</summary>
/// <param name="Do">Key of the transition to take; <c>null</c> only lets time pass or looks.</param>
/// <param name="As">Actor for this act, shaped like the given one; <see cref="Value.Null"/> for the given one.</param>
/// <param name="Input">What the user enters; <see cref="Value.Null"/> for nothing.</param>
/// <param name="Changes">Subject fields set together with the move; <see cref="Value.Null"/> for none.</param>
/// <param name="Advance">Time that passes before the act.</param>
/// <param name="Expect">What has to be so afterwards.</param>
public sealed record ScenarioStep(string? Do, Value As, Value Input, Value Changes, TimeSpan Advance, Expectation Expect);

/// <summary>What has to be so after an act; members that are <c>null</c> are not looked at.</summary>
/// <param name="Step">The step the project is in.</param>
/// <param name="BlockedBy">Exactly these reason keys, in any order; empty or <c>null</c> means not blocked.</param>
/// <param name="Warnings">Exactly these reason keys of guards that only warned as the move was made, in any order; a blocked act gives none.</param>
/// <param name="Available">Exactly these transitions can be taken now, in any order.</param>
/// <param name="Entity">Members the entity has, with these values.</param>
/// <param name="Events">Event types that were emitted by the act, at least.</param>
/// <param name="Fix">Exactly these fields are proposed to be changed, in any order; empty when a blocked act cannot be fixed so.</param>
/// <param name="Project">Fields of its own the project has, with these values.</param>
public sealed record Expectation(
    string? Step, IReadOnlyList<string>? BlockedBy, IReadOnlyList<string>? Warnings, IReadOnlyList<string>? Available, Value Entity, IReadOnlyList<string>? Events,
    IReadOnlyList<string>? Fix = null, Value Project = default);
