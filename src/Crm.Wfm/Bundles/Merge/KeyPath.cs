using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>A step down in a document: into a member by its name, or to the item of a list that has a key.</summary>
internal readonly record struct KeyStep(string Name, Structure? List);

/// <summary>Finds places of a document that are told by names and keys.</summary>
internal sealed class KeyPath(Value document)
{
    /// <summary>Writes the JSON Pointer of a place; <c>null</c> when the document does not have it. Of a last member that is missing it is where it would be.</summary>
    public string? Find(ReadOnlySpan<KeyStep> path)
    {
        var (at, pointer) = (document, "");
        for (var i = 0; i < path.Length; i++)
        {
            var (name, list) = path[i];
            if (list is not null)
            {
                if (list.Keyed(at)?.IndexOf(name) is not (>= 0 and var index)) return null;
                (at, pointer) = (at.AsList[index], pointer + JsonPointer.Token(index));
                continue;
            }

            if (at.AsObject is not { } members || (!members.Has(name) && i < path.Length - 1)) return null;
            (at, pointer) = (members[name], pointer + JsonPointer.Token(name));
        }

        return pointer;
    }
}
