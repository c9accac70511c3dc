using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;
using Crm.Wfm.Subjects;

namespace Crm.Wfm.Testing;

/// <summary>A bundle whose projects run in memory, moved by the gate that decides real moves. Post-actions of the host are named, not run.</summary>
/// <example><code>
/// var order = BundleHarness.Load("processes/order.json").Start("order", entity: new { total = 5, customer = "Ann" });
/// order.ShouldMove("pay", to: "paid");
/// order.ShouldBeBlocked("ship", "tracked");
/// </code></example>
public sealed class BundleHarness
{
    private BundleHarness(Bundle bundle) => Bundle = bundle;

    /// <summary>Gets the bundle.</summary>
    public Bundle Bundle { get; }

    /// <summary>Reads a bundle.</summary>
    /// <param name="file">The file, absolute or relative to where the tests run (<see cref="AppContext.BaseDirectory"/>).</param>
    /// <param name="actions">Names of the post-actions the host registers.</param>
    /// <exception cref="BundleTestException">The bundle has faults: every one is named.</exception>
    public static BundleHarness Load(string file, params string[] actions)
    {
        var reading = BundleReader.Read(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, file)), actions);
        return new(reading.Bundle ?? throw new BundleTestException($"{Path.GetFileName(file)} has faults", reading.Faults));
    }

    /// <summary>Starts a project in its workflow's initial step.</summary>
    /// <param name="projectType">Key of the project type.</param>
    /// <param name="entity">The record: an instance of the typed facts, or whatever serializes to the members rules read; those that are left out are missing.</param>
    /// <param name="fields">The project's own fields; <c>null</c> for none.</param>
    /// <param name="actor">Who acts until <see cref="ProjectRun.As"/>; <c>null</c> for somebody without roles and relations.</param>
    /// <param name="now">When it starts; <c>null</c> is <see cref="ScenarioRunner.DefaultNow"/>.</param>
    /// <exception cref="ArgumentException">The bundle has no such project type.</exception>
    /// <exception cref="BundleTestException">A member of entity or fields is unknown to its schema, or of another type.</exception>
    public ProjectRun Start(string projectType, object? entity = null, object? fields = null, TestActor? actor = null, DateTimeOffset? now = null)
    {
        if (!Bundle.ProjectTypes.TryGetValue(projectType, out var type))
        {
            throw new ArgumentException($"The bundle has no project type '{projectType}'. It has: {string.Join(", ", Bundle.ProjectTypes.Keys)}.", nameof(projectType));
        }

        var workflow = Bundle.Workflows[type.Workflow];
        var (facts, own) = (Object(entity), Object(fields));
        // Tests give what they are about: that something required is left out is no fault here.
        var faults = (workflow.Subjects.GetValueOrDefault(type.Subject)?.Validate(Value.From(facts)) ?? []).Select(f => f.Below("/entity"))
            .Concat((type.Fields?.Validate(Value.From(own)) ?? []).Select(f => f.Below("/project")))
            .Where(f => f.Key != "required").ToList();
        if (faults.Count > 0) throw new BundleTestException($"{projectType} cannot start", faults);
        return new(new(workflow, type, null, facts, own, now ?? ScenarioRunner.DefaultNow), workflow, actor ?? new());
    }

    internal static FactObject Object(object? members) => members is null ? FactObject.Empty
        : FactsJson.Write(members).AsObject ?? throw new ArgumentException($"{members.GetType().Name} does not serialize to an object.", nameof(members));
}
