using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Bundles.Proofs;

/// <summary>Bundles before anything is proved of them.</summary>
internal static class Drafts
{
    public static BundleDraft Of(byte[] utf8) => new(Value.Parse(System.Text.Encoding.UTF8.GetString(utf8)), Samples.Actions, []);
}
