using System.Text;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;

namespace Crm.Wfm.Tests.Bundles.Proofs;

/// <summary>A sample with one thing made wrong, and what has to be told of it.</summary>
/// <param name="Kind">What was made wrong.</param>
/// <param name="File">The sample.</param>
/// <param name="Bundle">The sample with the defect; without its tests, which would speak of what is gone.</param>
/// <param name="Key">Key of the finding.</param>
/// <param name="Pointer">Place of the finding.</param>
/// <param name="Hint">What was meant, where it can be guessed.</param>
internal sealed record Defect(string Kind, string File, JsonObject Bundle, string Key, string Pointer, string? Hint = null)
{
    /// <summary>Reads the bundle as a host does that emits the CRM's events.</summary>
    public BundleReading Read() => BundleReader.Read(Encoding.UTF8.GetBytes(Bundle.ToJsonString()), Samples.Actions, events: Events);

    /// <summary>Finds what was told of the defect.</summary>
    public Fault? Find(BundleReading reading) => reading.Faults.Concat(reading.Warnings).FirstOrDefault(f => f.Key == Key && f.Pointer == Pointer && (Hint is null || f.Message.Contains($"did you mean '{Hint}'?", StringComparison.Ordinal)));

    public override string ToString() => $"{Kind} in {File}: {Key} at {Pointer}";

    /// <summary>What a host of the CRM emits, as far as the samples listen.</summary>
    public static string[] Events { get; } = ["crm.deal.created", "crm.deal.updated", "crm.deal.assigned", "crm.lead.created", "crm.lead.converted", "crm.deal.stage-changed", "crm.activity.created", "crm.meeting.completed", "crm.meeting.missed"];
}
