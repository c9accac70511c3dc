using System.Diagnostics;
using Crm.Wfm.Bundles.Proofs;
using Xunit.Abstractions;

namespace Crm.Wfm.Tests.Bundles.Proofs;

public class ProofTests(ITestOutputHelper output)
{
    [Theory]
    [MemberData(nameof(SampleTests.Files), MemberType = typeof(SampleTests))]
    public void A_sample_is_free_of_findings(string file)
    {
        var draft = Drafts.Of(Samples.Bytes(file));
        var bundle = Samples.Read(file);
        var budget = new Budget();
        BundleProofs.Check(draft, bundle, null, budget);
        var time = Stopwatch.StartNew();
        BundleProofs.Check(Drafts.Of(Samples.Bytes(file)), bundle, null, new Budget());
        output.WriteLine($"{file}: {budget.Spent} steps, {time.ElapsedMilliseconds} ms");
        draft.Faults.Concat(draft.Warnings.Where(w => w.Key != "not-enforced")).ShouldBeEmpty();
    }
}
