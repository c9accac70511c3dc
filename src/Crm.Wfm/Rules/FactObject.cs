using System.Collections;

namespace Crm.Wfm.Rules;

/// <summary>The names of an object's members in ordinal order. Objects with the same members share one shape, so a rule can remember where a member lies.</summary>
public sealed class Shape
{
    private readonly string[] _names;

    /// <summary>Makes a shape.</summary>
    /// <param name="names">Distinct names in any order.</param>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public Shape(params IEnumerable<string> names)
    {
        _names = [.. names.Select(FactNames.Of)];
        Array.Sort(_names, StringComparer.Ordinal);
        for (var i = 1; i < _names.Length; i++)
        {
            if (_names[i] == _names[i - 1]) throw new ArgumentException($"The member '{_names[i]}' occurs twice.", nameof(names));
        }
    }

    /// <summary>Gets the names in ordinal order.</summary>
    public ReadOnlySpan<string> Names => _names;

    /// <summary>Finds the slot of a member, or a negative number when there is none.</summary>
    public int IndexOf(string name) => Array.BinarySearch(_names, name, StringComparer.Ordinal);
}

/// <summary>An immutable JSON object as rules see it: a shape and its values. Build one from names with <see cref="FactObjectBuilder"/>.</summary>
public sealed class FactObject : IReadOnlyCollection<KeyValuePair<string, Value>>, IEquatable<FactObject>
{
    private readonly Value[] _slots;

    /// <summary>Makes an object.</summary>
    /// <param name="shape">The members' names.</param>
    /// <param name="slots">One value per name, in the shape's order; kept, not copied.</param>
    /// <exception cref="ArgumentException">The numbers of names and values differ.</exception>
    public FactObject(Shape shape, Value[] slots)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(slots);
        if (shape.Names.Length != slots.Length) throw new ArgumentException("One value per name is needed.", nameof(slots));
        (Shape, _slots) = (shape, slots);
    }

    /// <summary>The object without members.</summary>
    public static FactObject Empty { get; } = new(new Shape(), []);

    /// <summary>Gets the members' names.</summary>
    public Shape Shape { get; }

    /// <summary>Gets the values in the order of <see cref="Shape.Names"/>.</summary>
    public ReadOnlySpan<Value> Slots => _slots;

    /// <inheritdoc/>
    public int Count => _slots.Length;

    /// <summary>Finds a member; <see cref="Value.Null"/> when there is none.</summary>
    public Value this[string name] => Shape.IndexOf(name) is var slot and >= 0 ? _slots[slot] : Value.Null;

    /// <summary>Tells whether the object has a member, even one that is <c>null</c>.</summary>
    public bool Has(string name) => Shape.IndexOf(name) >= 0;

    /// <summary>Copies the object with one member set.</summary>
    public FactObject With(string name, Value value) => new FactObjectBuilder(this) { [name] = value }.Build();

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Value>> GetEnumerator()
    {
        for (var i = 0; i < _slots.Length; i++) yield return new(Shape.Names[i], _slots[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(FactObject? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || Count != other.Count) return false;
        return Shape.Names.SequenceEqual(other.Shape.Names) && Slots.SequenceEqual(other.Slots);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FactObject);

    /// <inheritdoc/>
    public override int GetHashCode() => Count;
}

/// <summary>Collects members by name; a name set twice keeps the last value.</summary>
public sealed class FactObjectBuilder
{
    private readonly SortedDictionary<string, Value> _members = new(StringComparer.Ordinal);

    /// <summary>Starts with no members.</summary>
    public FactObjectBuilder()
    {
    }

    /// <summary>Starts with the members of an object.</summary>
    public FactObjectBuilder(FactObject start)
    {
        ArgumentNullException.ThrowIfNull(start);
        foreach (var (name, value) in start) _members[name] = value;
    }

    /// <summary>Gets or sets a member; reading a missing one gives <see cref="Value.Null"/>.</summary>
    public Value this[string name]
    {
        get => _members.GetValueOrDefault(name);
        set => _members[name] = value;
    }

    /// <summary>Makes the object.</summary>
    public FactObject Build() => _members.Count == 0 ? FactObject.Empty : new(new Shape(_members.Keys), [.. _members.Values]);
}
