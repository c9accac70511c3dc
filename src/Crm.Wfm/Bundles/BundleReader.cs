namespace Crm.Wfm.Bundles;

/// <summary>Reads a bundle from JSON and finds every fault in it.</summary>
public static class BundleReader
{
    /// <summary>The largest bundle read, in bytes.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    /// <summary>Reads a bundle. Never throws for what the bytes hold.</summary>
    /// <param name="utf8">The file; a byte order mark is skipped.</param>
    public static BundleReading Read(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();
}

/// <summary>What came of reading a bundle.</summary>
/// <param name="Bundle">The bundle; <c>null</c> when there are faults.</param>
/// <param name="Faults">Every fault with its JSON Pointer.</param>
/// <param name="Warnings">What is understood but not enforced yet, and other advice.</param>
public sealed record BundleReading(Bundle? Bundle, IReadOnlyList<Fault> Faults, IReadOnlyList<Fault> Warnings);
