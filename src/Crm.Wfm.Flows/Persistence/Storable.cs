namespace Crm.Wfm.Flows.Persistence;

/// <summary>Makes text the database can hold of any text.</summary>
internal static class Storable
{
    /// <summary>Puts U+FFFD where half a character is, or a NUL; what is whole stays as it is.</summary>
    public static string Text(string text)
    {
        var isWhole = true;
        for (var i = 0; i < text.Length && isWhole; i++)
        {
            if (text[i] == '\0') isWhole = false;
            else if (!char.IsSurrogate(text[i])) continue;
            else if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else isWhole = false;
        }

        return isWhole ? text : string.Concat(text.Replace('\0', '\uFFFD').EnumerateRunes());
    }
}
