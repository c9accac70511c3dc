using System.Runtime.CompilerServices;

namespace Crm.Wfm.Rules;

/// <summary>A way into facts, member by member, which remembers where they lie. The empty path is the whole data.</summary>
internal sealed class FactPath
{
    public const int MaxLength = 256;
    public const int MaxSegments = 16;

    /// <summary>Taking a path apart costs as much as that many steps.</summary>
    public const int Cost = 100;

    // Facts of one type have one shape. A path that is tried on many shapes pays with time, not with memory.
    private const int MostRoutes = 8;

    private static readonly Value[] Absent = [Value.Null];

    private readonly string[] _names;
    private Halves? _halves;
    private Route _route = Route.None;
    private int _routes;

    private FactPath(string[] names) => _names = names;

    /// <summary>The path as text with points; it ends before the first name that has a point itself, and so names what that lies in.</summary>
    public string Name => string.Join('.', _names.TakeWhile(name => name.Length > 0 && !name.Contains('.', StringComparison.Ordinal)));

    public bool IsEmpty => _names.Length == 0;

    /// <summary>What a path finds that leads nowhere.</summary>
    public static ref readonly Value Nothing => ref Absent[0];

    /// <summary>Takes apart what <c>var</c> is given; <c>null</c> when it is too long or no text.</summary>
    public static FactPath? Dotted(in Value path)
    {
        if ((path.IsNull ? "" : Coercion.Name(in path)) is not { Length: <= MaxLength } text || text.AsSpan().Count('.') >= MaxSegments) return null;
        return new(text.Length == 0 ? [] : text.Split('.'));
    }

    /// <summary>Takes the names <c>val</c> is given; <c>null</c> when they are too many, too long or no names.</summary>
    public static FactPath? Of(ReadOnlySpan<Value> names)
    {
        if (names.Length > MaxSegments) return null;
        var (segments, length) = (new string[names.Length], 0);
        for (var i = 0; i < segments.Length; i++)
        {
            if (Coercion.Name(in names[i]) is not { } name || (length += name.Length) > MaxLength) return null;
            segments[i] = name;
        }

        return new(segments);
    }

    /// <summary>Finds the fact; what is missing reads as null, and is told from a fact that is by <see cref="IsMissing"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly Value Find(in Value data)
    {
        var route = _route;
        if (data.AsObject is { } outer && outer.Shape == route.Outer)
        {
            ref readonly var found = ref outer.At(route.OuterSlot);
            if (route.Inner is null) return ref found;
            if (found.AsObject is { } inner && inner.Shape == route.Inner) return ref inner.At(route.InnerSlot);
        }

        return ref Search(in data);
    }

    /// <summary>Tells whether there was no fact to be found.</summary>
    public static bool IsMissing(in Value found) => Unsafe.AreSame(in found, in Nothing);

    /// <summary>Finds the fact by a path that is not used again.</summary>
    public ref readonly Value FindOnce(in Value data)
    {
        ref readonly var found = ref data;
        foreach (var name in _names) found = ref Member(in found, name);
        return ref found;
    }

    private ref readonly Value Search(in Value data)
    {
        if (_names.Length > 2)
        {
            var halves = _halves ??= new(new(_names[..2]), new(_names[2..]));
            return ref halves.Tail.Find(in halves.Head.Find(in data));
        }

        ref readonly var found = ref FindOnce(in data);
        if (_routes < MostRoutes) Learn(in data);
        return ref found;
    }

    private void Learn(in Value data)
    {
        if (data.AsObject is not { } outer || _names.Length == 0) return;
        var slot = outer.Shape.IndexOf(_names[0]);
        var inner = _names.Length > 1 ? outer.At(slot).AsObject : null;
        if (_names.Length > 1 && slot >= 0 && inner is null) return; // it may be an object the next time
        _routes++;
        _route = new(outer.Shape, slot, inner?.Shape, inner?.Shape.IndexOf(_names[1]) ?? 0);
    }

    private static ref readonly Value Member(in Value data, string name)
    {
        if (data.AsObject is { } facts) return ref facts.At(facts.Shape.IndexOf(name));
        var items = data.AsList;
        return ref JsonPointer.Index(name) is { } index && index < items.Length ? ref items[index] : ref Nothing;
    }

    private sealed record Halves(FactPath Head, FactPath Tail);

    /// <summary>Where objects of a shape, or of two, one within the other, have their members. One reference, so that threads need no lock.</summary>
    private sealed record Route(Shape? Outer, int OuterSlot, Shape? Inner, int InnerSlot)
    {
        public static Route None { get; } = new(null, 0, null, 0);
    }
}
