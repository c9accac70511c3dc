using System.Globalization;
using System.Runtime.CompilerServices;

namespace Crm.Wfm.Rules;

/// <summary>A dotted path into facts, taken apart once. The empty path is the whole data.</summary>
internal sealed class FactPath
{
    public const int MaxLength = 256;
    public const int MaxSegments = 16;

    private readonly Segment[] _segments;

    public FactPath(string text)
    {
        Text = text;
        IsTooLong = text.Length > MaxLength || text.AsSpan().Count('.') >= MaxSegments;
        _segments = text.Length == 0 ? [] : Array.ConvertAll(text.Split('.'), name => new Segment(FactNames.Of(name)));
    }

    public string Text { get; }

    public bool IsTooLong { get; }

    /// <summary>The path that <c>var</c> takes a value for.</summary>
    public static FactPath From(in Value path) => new(path.IsNull ? "" : Coercion.Text(in path));

    /// <summary>Finds the fact; a null reference (<see cref="Unsafe.IsNullRef{T}"/>) when there is none, unlike a fact that is <c>null</c>.</summary>
    public ref readonly Value Find(in Value data)
    {
        ref readonly var found = ref data;
        foreach (var segment in _segments)
        {
            found = ref segment.In(in found);
            if (Unsafe.IsNullRef(in found)) break;
        }

        return ref found;
    }

    /// <summary>One step of a path, which remembers where the last object had the member.</summary>
    private sealed class Segment(string name)
    {
        private readonly int _index = ListIndex(name);

        // An inline cache whose every state is right, so that threads need no lock and a miss no memory: the slot is a guess
        // that the name found there confirms, and the name is our own or an equal one, taken over from a shape so that
        // confirming is mostly a comparison of references.
        private int _slot;
        private string _name = name;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref readonly Value In(in Value data)
        {
            if (data.AsObject is { } facts)
            {
                var names = facts.Shape.Names;
                var slot = _slot;
                if ((uint)slot < (uint)names.Length && ReferenceEquals(names[slot], _name)) return ref facts.Slots[slot];
                return ref Search(facts);
            }

            var items = data.AsList;
            if ((uint)_index < (uint)items.Length) return ref items[_index];
            return ref Unsafe.NullRef<Value>();
        }

        private ref readonly Value Search(FactObject facts)
        {
            var names = facts.Shape.Names;
            var slot = _slot;
            if (slot >= names.Length || names[slot] != _name) slot = facts.Shape.IndexOf(_name);
            if (slot < 0) return ref Unsafe.NullRef<Value>();
            (_slot, _name) = (slot, names[slot]);
            return ref facts.Slots[slot];
        }

        /// <summary>The index a name stands for in a list (<c>0</c>, <c>12</c>, but not <c>01</c>), or a negative number.</summary>
        private static int ListIndex(string name) =>
            int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && (name == "0" || name[0] != '0') ? index : -1;
    }
}
