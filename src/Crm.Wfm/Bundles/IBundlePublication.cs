using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;

namespace Crm.Wfm.Bundles;

/// <summary>Takes part in publishing a bundle. A package that keeps something of its own for each version registers one.</summary>
public interface IBundlePublication
{
    /// <summary>Does its part in the transaction of the publication, after the bundle's rows were written; what is thrown undoes it all.</summary>
    /// <param name="host">The context, with the transaction that sees the workspace.</param>
    /// <param name="bundle">The version that is published.</param>
    /// <param name="actor">Who publishes.</param>
    /// <param name="now">The business time.</param>
    /// <param name="ct">Cancels; nothing is stored then.</param>
    Task PublishedAsync(HostContext host, Bundle bundle, Actor actor, DateTimeOffset now, CancellationToken ct);
}
