using Crm.Wfm.Schemas;

namespace Crm.Wfm.Bundles;

/// <summary>A workflow of a bundle being read.</summary>
internal sealed class WorkflowDraft(Member place, BundleDraft bundle)
{
    public Member Place { get; } = place;

    public IReadOnlyList<Member> Steps { get; } = [.. place["steps"].Items()];

    public IReadOnlyList<Member> Transitions { get; } = [.. place["transitions"].Members()];

    /// <summary>Gets the step keys; a step whose key is no text counts as none.</summary>
    public HashSet<string> StepKeys => field ??= Steps.Select(KeyOf).OfType<string>().ToHashSet(StringComparer.Ordinal);

    public HashSet<string> TransitionKeys => field ??= Place["transitions"].Names();

    /// <summary>Gets the project types that use it.</summary>
    public IReadOnlyList<Member> ProjectTypes => field ??= [.. bundle.ProjectTypes[Place.Name]];

    /// <summary>Gets the schemas of the subjects it may govern, by subject type.</summary>
    public IReadOnlyDictionary<string, JsonSchema> Subjects => field ??= ReadSubjects();

    /// <summary>Gets the schemas of the projects' own fields, by project type.</summary>
    public IReadOnlyDictionary<string, JsonSchema> Fields => field ??= ProjectTypes
        .Select(type => (type.Name, Schema: bundle.Schema(type["fields"]))).Where(f => f.Schema is not null).ToDictionary(f => f.Name, f => f.Schema!);

    /// <summary>Gives a step's key: its own, else the status's.</summary>
    public static string? KeyOf(Member step) => step.Has("key") ? step["key"].Text : step["status"].Text;

    private Dictionary<string, JsonSchema> ReadSubjects()
    {
        var schemas = new Dictionary<string, JsonSchema>(StringComparer.Ordinal);
        foreach (var type in ProjectTypes.Select(type => type["subject"].Text).OfType<string>())
        {
            if (bundle.Schema(bundle.Root["subjects"][type]["schema"]) is { } schema) schemas[type] = schema;
        }

        return schemas;
    }
}
