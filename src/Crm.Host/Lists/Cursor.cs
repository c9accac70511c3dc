using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Host.Lists;

/// <summary>Where a page ended: the sort key and the id of its last record, and which query it was a page of. Opaque to clients.</summary>
/// <param name="Key">The sort key as JSON.</param>
/// <param name="Id">The record's id, which parts records of equal keys.</param>
internal sealed record Cursor(string Key, Guid Id)
{
    private const int QueryLength = 8;
    private const int SumLength = 4;
    private const int LongestText = 2000;

    /// <summary>Writes: what query, key and id, and a sum of all that, by which a mangled one is known.</summary>
    public string Write(byte[] query)
    {
        byte[] content = [.. query, .. Id.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(Key)];
        return Base64Url.EncodeToString([.. content, .. Sum(content)]);
    }

    /// <summary>Reads a cursor; <c>null</c> with what is wrong with it.</summary>
    public static Cursor? Read(string text, byte[] query, out string? wrong)
    {
        wrong = "is no cursor; send what `next` was, to the letter.";
        if (text.Length > LongestText || !Base64Url.IsValid(text)) return null;
        var bytes = Base64Url.DecodeFromChars(text).AsSpan();
        if (bytes.Length < QueryLength + 16 + SumLength || !Sum(bytes[..^SumLength]).SequenceEqual(bytes[^SumLength..])) return null;
        wrong = bytes[..QueryLength].SequenceEqual(query) ? null : "is the cursor of another query; filters and sort stay the same from page to page.";
        return wrong is null ? new(Encoding.UTF8.GetString(bytes[(QueryLength + 16)..^SumLength]), new(bytes.Slice(QueryLength, 16), bigEndian: true)) : null;
    }

    /// <summary>Says which query this is, in the few bytes a cursor keeps of it.</summary>
    public static byte[] Query(IEnumerable<string> parts) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)))[..QueryLength];

    private static ReadOnlySpan<byte> Sum(ReadOnlySpan<byte> content) => SHA256.HashData(content).AsSpan(0, SumLength);
}
