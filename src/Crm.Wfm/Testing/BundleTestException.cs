namespace Crm.Wfm.Testing;

/// <summary>A bundle did not do what a test expects. Every test framework shows its message: one line for each thing that is wrong.</summary>
public sealed class BundleTestException : Exception
{
    internal BundleTestException(string what, IReadOnlyList<Fault> failures)
        : base(string.Join(Environment.NewLine, failures.Select(f => $"  {f.Pointer} {f.Message}").Prepend(what))) => Failures = failures;

    internal BundleTestException(string what)
        : base(what)
    {
    }

    /// <summary>Gets what is wrong, with JSON Pointers into the bundle or the test; empty where the message says it all.</summary>
    public IReadOnlyList<Fault> Failures { get; } = [];
}
