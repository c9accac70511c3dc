using Crm.Wfm.Testing;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>The cases <see cref="BundleTests"/> gives to a test framework; the first test here is what a user writes.</summary>
public sealed class BundleTestsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bundles").FullName;

    public static IEnumerable<object[]> Scenarios => BundleTests.In("processes", "printLabel");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Process(BundleScenario scenario) => scenario.ShouldPass();

    [Fact]
    public void Each_case_shows_its_file_and_its_name() => Names(Scenarios).ShouldBe([
        "order.json › has no faults", "order.json › a-large-order-goes-next-day", "order.json › a-paid-order-ships", "order.json › losing-says-why"]);

    [Fact]
    public void A_case_that_fails_tells_every_failure_at_its_place()
    {
        Write("broken.json", s => s.Replace("\"blockedBy\": [\"tracked\"], \"step\": \"paid\"", "\"blockedBy\": [\"large-goes-next-day\"], \"step\": \"shipped\"", StringComparison.Ordinal));
        var scenario = Find("broken.json › a-paid-order-ships");
        scenario.Run().Passed.ShouldBeFalse();
        var failure = Should.Throw<BundleTestException>(scenario.ShouldPass);
        failure.Failures.Select(f => f.Pointer).ShouldBe(["/steps/0/expect/blockedBy", "/steps/0/expect/step"]);
        failure.Message.Split(Environment.NewLine).ShouldBe([
            "broken.json › a-paid-order-ships",
            "  /steps/0/expect/blockedBy Expected to be blocked by large-goes-next-day, was blocked by tracked.",
            "  /steps/0/expect/step Expected step shipped, is paid."]);
    }

    [Fact]
    public void A_bundle_with_faults_is_one_case_that_names_them()
    {
        Write("faulty.json", s => s.Replace("\"to\": \"paid\"", "\"to\": \"payed\"", StringComparison.Ordinal));
        var scenario = BundleTests.In(_folder, "printLabel").ShouldHaveSingleItem()[0].ShouldBeOfType<BundleScenario>();
        Should.Throw<BundleTestException>(scenario.ShouldPass).Message.ShouldContain("/workflows/fulfilment/transitions/pay/to");
    }

    [Fact]
    public void An_action_the_host_does_not_register_is_a_fault() =>
        Should.Throw<BundleTestException>(((BundleScenario)BundleTests.In("processes/order.json").Single()[0]).ShouldPass).Message.ShouldContain("printLabel");

    [Fact]
    public void A_folder_that_is_missing_is_not_taken_for_one_without_bundles() => Should.Throw<DirectoryNotFoundException>(() => BundleTests.In("proceses"));

    private BundleScenario Find(string name) => BundleTests.In(_folder, "printLabel").Select(c => (BundleScenario)c[0]).Single(s => s.ToString() == name);

    private void Write(string file, Func<string, string> change)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "processes", "order.json"));
        var changed = change(text);
        changed.ShouldNotBe(text);
        File.WriteAllText(Path.Combine(_folder, file), changed);
    }

    private static IEnumerable<string> Names(IEnumerable<object[]> cases) => cases.Select(c => c[0].ToString()!);
}
