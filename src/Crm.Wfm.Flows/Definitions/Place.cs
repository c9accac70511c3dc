using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>A part of a document and where it lies.</summary>
internal readonly record struct Place(Value Value, string Pointer)
{
    /// <summary>Finds a member; a part without value when there is none.</summary>
    public Place this[string name] => new(Value[name], Pointer + JsonPointer.Token(name));

    public string? Text => Value.AsText;

    /// <summary>Lists the items; none when the part is no list.</summary>
    public IEnumerable<Place> Items()
    {
        for (var i = 0; i < Value.AsList.Length; i++) yield return new(Value.AsList[i], $"{Pointer}/{i}");
    }

    public Fault Fault(string key, string message) => new(Pointer, key, message);
}
