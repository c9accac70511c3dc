using System.Collections;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Crm.Wfm.Rules;

/// <summary>The names of an object's members in ordinal order. Objects with the same members share one shape, so a rule can remember where a member lies.</summary>
public sealed class Shape
{
    // Shapes come from schemas, forms and types, which are few; whoever sends many others must not fill the memory.
    private const int Kept = 10_000;
    private const int MostNamesKept = 64;

    private static readonly ConcurrentDictionary<string[], Shape> Known = new(new SameNames());
    private static readonly ConcurrentDictionary<string[], Shape>.AlternateLookup<ReadOnlySpan<string>> Listed = Known.GetAlternateLookup<ReadOnlySpan<string>>();

    // Counting a concurrent dictionary locks all of it.
    private static int _known;

    private readonly string[] _names;

    private Shape(string[] names) => _names = names;

    /// <summary>Gets the names in ordinal order.</summary>
    public ReadOnlySpan<string> Names => _names;

    /// <summary>Finds the slot of a member, or a negative number when there is none.</summary>
    public int IndexOf(string name) => Array.BinarySearch(_names, name, StringComparer.Ordinal);

    /// <summary>Tells whether another shape has the same names.</summary>
    public bool IsLike(Shape other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ReferenceEquals(this, other) || Names.SequenceEqual(other.Names);
    }

    /// <summary>Finds the shape that objects with these names share.</summary>
    /// <param name="names">Distinct names in any order.</param>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public static Shape Of(params IEnumerable<string> names)
    {
        string[] sorted = [.. names];
        Array.Sort(sorted, StringComparer.Ordinal);
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1]) throw new ArgumentException($"The member '{sorted[i]}' occurs twice.", nameof(names));
        }

        return OfSorted(sorted);
    }

    /// <summary>Finds the shape of names that are distinct and in ordinal order; the array is kept, not copied.</summary>
    internal static Shape OfSorted(string[] names)
    {
        for (var i = 0; i < names.Length; i++) names[i] = FactNames.Of(names[i]);
        return names.Length <= MostNamesKept && Known.TryGetValue(names, out var known) ? known : Keep(names);
    }

    /// <summary>Finds the shape of names that are distinct, in ordinal order and from <see cref="FactNames"/>.</summary>
    internal static Shape OfShared(ReadOnlySpan<string> names) => names.Length <= MostNamesKept && Listed.TryGetValue(names, out var known) ? known : Keep(names.ToArray());

    private static Shape Keep(string[] names)
    {
        if (names.Length > MostNamesKept) return new(names);
        var shape = new Shape(names);
        if (_known >= Kept) return shape;
        if (Known.TryAdd(names, shape)) Interlocked.Increment(ref _known);
        return Known[names];
    }

    /// <summary>Compares names by reference: all but a few are shared.</summary>
    private sealed class SameNames : IEqualityComparer<string[]>, IAlternateEqualityComparer<ReadOnlySpan<string>, string[]>
    {
        public bool Equals(string[]? x, string[]? y) => Equals(x.AsSpan(), y!);

        public bool Equals(ReadOnlySpan<string> alternate, string[] other)
        {
            if (alternate.Length != other.Length) return false;
            for (var i = 0; i < other.Length; i++)
            {
                if (!ReferenceEquals(alternate[i], other[i])) return false;
            }

            return true;
        }

        public int GetHashCode(string[] names) => GetHashCode(names.AsSpan());

        public int GetHashCode(ReadOnlySpan<string> alternate)
        {
            var hash = alternate.Length;
            foreach (var name in alternate) hash = hash * 31 + RuntimeHelpers.GetHashCode(name);
            return hash;
        }

        public string[] Create(ReadOnlySpan<string> alternate) => alternate.ToArray();
    }
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
        (Shape, _slots, Depth) = (shape, slots, 1 + Value.DeepestOf(slots));
    }

    /// <summary>The object without members.</summary>
    public static FactObject Empty { get; } = new(Shape.Of(), []);

    /// <summary>Gets the members' names.</summary>
    public Shape Shape { get; }

    /// <summary>Gets the values in the order of <see cref="Shape.Names"/>.</summary>
    public ReadOnlySpan<Value> Slots => _slots;

    /// <summary>Gets what is in a slot; <see cref="FactPath.Nothing"/> for a negative one, which is a member's that is not there.</summary>
    internal ref readonly Value At(int slot)
    {
        var slots = _slots;
        return ref (uint)slot < (uint)slots.Length ? ref slots[slot] : ref FactPath.Nothing;
    }

    /// <summary>Gets how many lists and objects lie within each other here, at least 1.</summary>
    public int Depth { get; }

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
        return Shape.IsLike(other.Shape) && Slots.SequenceEqual(other.Slots);
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
    public FactObject Build() => _members.Count == 0 ? FactObject.Empty : new(Shape.OfSorted([.. _members.Keys]), [.. _members.Values]);
}
