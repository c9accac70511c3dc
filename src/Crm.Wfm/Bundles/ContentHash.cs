using System.Security.Cryptography;
using System.Text;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Tells contents apart whatever the order and spacing of their text.</summary>
internal static class ContentHash
{
    /// <summary>Gives SHA-256, lower-case hex, over the RFC 8785 form of an object without some of its members.</summary>
    public static string Of(Value document, IReadOnlyCollection<string> without) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Text(document.Without(without)))));

    /// <summary>Copies an object without some of its members.</summary>
    public static Value Without(this Value document, IReadOnlyCollection<string> names)
    {
        var kept = new FactObjectBuilder();
        foreach (var (name, value) in document.AsObject ?? FactObject.Empty)
        {
            if (!names.Contains(name)) kept[name] = value;
        }

        return Value.From(kept.Build());
    }
}
