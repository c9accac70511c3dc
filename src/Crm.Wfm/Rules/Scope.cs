namespace Crm.Wfm.Rules;

/// <summary>What a term is computed from. Only references, so that entering an iterator copies nothing.</summary>
internal readonly ref struct Scope
{
    /// <summary>What <c>var</c> looks into: the rule's data, the item inside an iterator, the error inside a <c>try</c>.</summary>
    public readonly ref readonly Value Data;

    /// <summary>The rule's data, wherever we are.</summary>
    public readonly ref readonly Value Root;

    public readonly ref Run Run;

    /// <summary>The way back out, where some term wants to go it.</summary>
    public readonly Above? Above;

    public Scope(ref readonly Value root, ref Run run)
    {
        Data = ref root;
        Root = ref root;
        Run = ref run;
    }

    /// <summary>Makes the scope of an argument that sees other data.</summary>
    public Scope(ref readonly Value data, scoped in Scope outer, Above? above)
    {
        Data = ref data;
        Root = ref outer.Root;
        Run = ref outer.Run;
        Above = above;
    }
}

/// <summary>
/// What lies around the data in hand. <c>{"val": [[n], …]}</c> climbs: an odd number of levels to an iteration (<c>iterator</c>, its list, and <c>index</c>), an even one to
/// the data around it.
/// </summary>
internal sealed class Above
{
    private static readonly Shape Iteration = Shape.Of("index", "iterator");

    private readonly Value _data;
    private readonly Above? _next;
    private readonly Value _iterator;

    /// <param name="outer">The scope around.</param>
    /// <param name="iterator">The list that is gone through; <see cref="Value.Null"/> for a <c>try</c>.</param>
    public Above(in Scope outer, Value iterator) => (_data, _next, _iterator) = (outer.Data, outer.Above, iterator);

    /// <summary>The number of the item in hand. One object serves all items of a list: nobody keeps it.</summary>
    public int Index { get; set; }

    /// <summary>Finds what lies that many levels up; <c>null</c> when there are not so many.</summary>
    public static Value? Climb(in Scope scope, int levels)
    {
        if (levels == 0) return scope.Data;
        return Find(scope.Above, levels) is not { } found ? null : levels % 2 == 0 ? found._data : found.Info();
    }

    /// <summary>Finds the index an odd number of levels up, without making the object it is a member of.</summary>
    public static Value IndexAt(in Scope scope, int levels) => Find(scope.Above, levels) is { _iterator.IsNull: false } found ? Value.From(found.Index) : Value.Null;

    private static Above? Find(Above? above, int levels)
    {
        for (; levels > 2 && above is not null; levels -= 2) above = above._next;
        return above;
    }

    private Value Info() => _iterator.IsNull ? Value.Null : Run.Made(Value.From(new FactObject(Iteration, [Value.From(Index), _iterator])));
}
