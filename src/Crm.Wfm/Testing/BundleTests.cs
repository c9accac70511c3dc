using Crm.Wfm.Bundles;

namespace Crm.Wfm.Testing;

/// <summary>The tests embedded in bundles, as cases for the test framework at hand.</summary>
/// <example>With xunit:
/// <code>
/// public static IEnumerable&lt;object[]&gt; Scenarios =&gt; BundleTests.In("processes");
///
/// [Theory, MemberData(nameof(Scenarios))]
/// public void Process(BundleScenario scenario) =&gt; scenario.ShouldPass();
/// </code></example>
public static class BundleTests
{
    /// <summary>Finds the cases of one bundle, or of every <c>*.json</c> of a folder: for each bundle one that it has no faults, then its embedded tests.</summary>
    /// <param name="path">File or folder, absolute or relative to where the tests run (<see cref="AppContext.BaseDirectory"/>).</param>
    /// <param name="actions">Names of the post-actions the host registers.</param>
    /// <returns>Theory data: arrays of one <see cref="BundleScenario"/>, which shows itself as <c>order.json › ships-when-paid</c>.</returns>
    /// <exception cref="DirectoryNotFoundException">There is neither such a file nor such a folder.</exception>
    public static IEnumerable<object[]> In(string path, params string[] actions) => BundleFiles.In(path).SelectMany(file => Of(file, actions)).Select(s => new object[] { s });

    private static IEnumerable<BundleScenario> Of(string file, string[] actions)
    {
        var reading = BundleReader.Read(File.ReadAllBytes(file), actions);
        return (reading.Bundle?.Tests.Values ?? []).Select(s => new BundleScenario(file, reading, s)).Prepend(new BundleScenario(file, reading, null));
    }
}

/// <summary>One case of <see cref="BundleTests.In"/>.</summary>
public sealed class BundleScenario
{
    private readonly BundleReading _reading;
    private readonly Scenario? _scenario;

    internal BundleScenario(string file, BundleReading reading, Scenario? scenario) => (File, _reading, _scenario) = (Path.GetFileName(file), reading, scenario);

    /// <summary>Gets the bundle's file name.</summary>
    public string File { get; }

    /// <summary>Gets the embedded test's key; <c>has no faults</c> for the bundle itself.</summary>
    public string Name => _scenario?.Key ?? "has no faults";

    /// <summary>Runs it in memory, through the gate that decides real moves.</summary>
    public ScenarioResult Run() => _scenario is null ? new(Name, _reading.Faults) : ScenarioRunner.Run(_reading.Bundle!, _scenario);

    /// <summary>Runs it.</summary>
    /// <exception cref="BundleTestException">Something was not as expected: everything is named.</exception>
    public void ShouldPass()
    {
        if (Run() is { Passed: false } result) throw new BundleTestException(ToString(), result.Failures);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{File} › {Name}";
}

/// <summary>Finds bundles on disk.</summary>
internal static class BundleFiles
{
    public static IReadOnlyList<string> In(string path)
    {
        var full = Path.Combine(AppContext.BaseDirectory, path);
        return File.Exists(full) ? [full] : [.. Directory.EnumerateFiles(full, "*.json").Order(StringComparer.Ordinal)];
    }
}
