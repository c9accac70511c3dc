using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>What lists show of a version of a flow.</summary>
public sealed record DefinitionSummary
{
    /// <summary>Gets the id of this version.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the id all versions of the flow share.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>Gets the version, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>Gets the name for people; the definition id where the flow has none.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Gets the activity type it is in other flows, such as <c>SubworkflowTest</c>; <c>null</c> when it is not to be used as an activity.</summary>
    public string? TypeName { get; init; }

    /// <summary>Gets whether it is the newest version.</summary>
    public required bool IsLatest { get; init; }

    /// <summary>Gets whether triggers start this version.</summary>
    public required bool IsPublished { get; init; }

    /// <summary>Gets whether it never changes any more, because it was published or has run: saving makes a new version.</summary>
    public required bool IsSettled { get; init; }

    /// <summary>Gets the bundle it stands in, by which alone it is published and changed; <c>null</c> for none.</summary>
    public string? Bundle { get; init; }

    /// <summary>Gets the version of that bundle.</summary>
    public string? BundleVersion { get; init; }

    /// <summary>Gets the key of the automation in the bundle.</summary>
    public string? Automation { get; init; }

    /// <summary>Gets whether it can be changed in a bundle alone.</summary>
    public bool IsReadOnly => Bundle is not null;

    /// <summary>Gets the version of the tool that wrote it.</summary>
    public string? ToolVersion { get; init; }

    /// <summary>Gets when the version was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets who saved it last.</summary>
    public Guid? CreatedBy { get; init; }

    /// <summary>Gets the hash of its content, versioning left aside: equal flows have equal hashes.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Gets the number runs know the version by; unique in a workspace.</summary>
    internal int Number { get; init; }
}

/// <summary>A version of a flow, with its document.</summary>
/// <param name="Summary">What lists show of it.</param>
/// <param name="Document">
/// The definition as it was given, to the last member; <c>id</c>, <c>definitionId</c>, <c>version</c>, <c>name</c>, <c>createdAt</c>, <c>isLatest</c>, <c>isPublished</c>, <c>isReadonly</c> and
/// <c>isSystem</c> are those of the store.
/// </param>
public sealed record StoredDefinition(DefinitionSummary Summary, Value Document);

/// <summary>What to list.</summary>
public sealed record DefinitionQuery
{
    /// <summary>Gets which versions of each flow.</summary>
    public VersionOptions Versions { get; init; } = VersionOptions.Latest;

    /// <summary>Gets what the id, the definition id, the name or the description contains, whatever its case; <c>null</c> or empty for anything.</summary>
    public string? Search { get; init; }

    /// <summary>Gets the definition ids to look among; <c>null</c> for all.</summary>
    public IReadOnlyCollection<string>? DefinitionIds { get; init; }

    /// <summary>Gets the version ids to look among; <c>null</c> for all.</summary>
    public IReadOnlyCollection<string>? Ids { get; init; }

    /// <summary>Gets whether bundles' flows (<c>true</c>), or those drawn here (<c>false</c>), are meant; <c>null</c> for both.</summary>
    public bool? InBundles { get; init; }

    /// <summary>Gets whether flows of the system are meant; <c>null</c> for both.</summary>
    public bool? IsSystem { get; init; }

    /// <summary>Gets whether flows to be used as activities are meant; <c>null</c> for both.</summary>
    public bool? UsableAsActivity { get; init; }

    /// <summary>Gets by what to order; what is equal is ordered by definition id and version.</summary>
    public DefinitionOrder OrderBy { get; init; } = DefinitionOrder.Created;

    /// <summary>Gets whether the largest comes first.</summary>
    public bool IsDescending { get; init; }

    /// <summary>Gets how many to leave out.</summary>
    public int Skip { get; init; }

    /// <summary>Gets how many to list; <c>null</c> for all.</summary>
    public int? Take { get; init; }
}

/// <summary>What definitions are ordered by.</summary>
public enum DefinitionOrder
{
    /// <summary>When they were made.</summary>
    Created,

    /// <summary>Their names.</summary>
    Name,

    /// <summary>Their versions.</summary>
    Version,
}

/// <summary>A page of definitions.</summary>
/// <param name="Items">Those on the page.</param>
/// <param name="TotalCount">How many there are on all pages.</param>
public sealed record DefinitionPage(IReadOnlyList<DefinitionSummary> Items, long TotalCount);

/// <summary>A draft to save.</summary>
/// <param name="Document">The definition. Its <c>id</c>, <c>version</c>, <c>isLatest</c>, <c>isPublished</c> are not looked at: the store gives them.</param>
public sealed record DraftSave(Value Document)
{
    /// <summary>Gets the flow it is a version of; <c>null</c> as the document says, and a new flow where that says nothing either.</summary>
    public string? DefinitionId { get; init; }

    /// <summary>Gets the version that was edited: when the latest one is another by now, nothing is saved. <c>null</c> to save over whatever is there.</summary>
    public int? EditedVersion { get; init; }

    /// <summary>Gets the content hash of what was edited: when the latest one's is another by now, nothing is saved. <c>null</c> to save over whatever is there.</summary>
    public string? EditedHash { get; init; }

    /// <summary>Gets whether whoever saved the latest version may save over it, whatever they had seen of it: for an editor that saves again before the last answer has come.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Gets whether to publish it in the same transaction; where it cannot be published, nothing is saved.</summary>
    public bool Publish { get; init; }
}

/// <summary>What came of changing a definition.</summary>
public abstract record DefinitionResult
{
    private DefinitionResult()
    {
    }

    /// <summary>It is done.</summary>
    /// <param name="Definition">The version that matters now: the draft saved, the version published or retracted, the new draft reverted to.</param>
    public sealed record Done(StoredDefinition Definition) : DefinitionResult
    {
        /// <summary>Gets what keeps a draft from being published as it is, with pointers into the document; unknown activities among it.</summary>
        public IReadOnlyList<Fault> Faults { get; init; } = [];

        /// <summary>Gets whether nothing had to be done: it was published, or retracted, already.</summary>
        public bool Already { get; init; }

        /// <summary>Gets the flows that use it as an activity, and have a new version by now because it was published and they follow it.</summary>
        public IReadOnlyList<string> UpdatedConsumers { get; init; } = [];

        /// <summary>Gets how many flows use it as an activity.</summary>
        public int ConsumerCount { get; init; }
    }

    /// <summary>There is no such flow, or it is another workspace's.</summary>
    public sealed record NotFound : DefinitionResult;

    /// <summary>It stands in a bundle: it is changed, published and retracted by publishing the bundle.</summary>
    /// <param name="Bundle">The bundle's key.</param>
    public sealed record ReadOnly(string Bundle) : DefinitionResult;

    /// <summary>Somebody else has saved meanwhile.</summary>
    /// <param name="Current">The version that is the latest by now.</param>
    public sealed record Conflict(DefinitionSummary Current) : DefinitionResult;

    /// <summary>It cannot be stored, or published, as it is; nothing was changed.</summary>
    /// <param name="Faults">Every fault, with pointers into the document.</param>
    public sealed record Faulty(IReadOnlyList<Fault> Faults) : DefinitionResult;
}

/// <summary>What came of deleting.</summary>
public abstract record DeleteResult
{
    private DeleteResult()
    {
    }

    /// <summary>It is gone, with the runs of it that had ended.</summary>
    /// <param name="Versions">How many versions were deleted.</param>
    /// <param name="Runs">How many runs.</param>
    public sealed record Deleted(int Versions, int Runs) : DeleteResult;

    /// <summary>There is no such thing, or it is another workspace's.</summary>
    public sealed record NotFound : DeleteResult;

    /// <summary>It stands in a bundle.</summary>
    /// <param name="Bundle">The bundle's key.</param>
    public sealed record ReadOnly(string Bundle) : DeleteResult;

    /// <summary>Runs of it go on; nothing was deleted.</summary>
    /// <param name="Runs">How many.</param>
    public sealed record InUse(int Runs) : DeleteResult;
}

/// <summary>What came of importing a document.</summary>
/// <param name="Result">The draft saved, with what keeps it from being published; or why it was not.</param>
/// <param name="Name">By what to speak of it where there is no definition: its name, else its definition id.</param>
public sealed record ImportResult(DefinitionResult Result, string Name);

/// <summary>A flow that other flows can use as an activity.</summary>
/// <param name="Latest">The version that is used: the published one, else the newest draft.</param>
/// <param name="Definition">The flow, with its inputs, outputs and outcomes.</param>
public sealed record UsableFlow(DefinitionSummary Latest, FlowDefinition Definition);
