using Crm.Wfm.Schemas;

namespace Crm.Wfm.Rules.Solving;

/// <summary>What a search may still spend. Counted, not timed: the same question has the same answer on every machine.</summary>
internal sealed class Fuel(int left)
{
    /// <summary>Enough for a refusal: some milliseconds.</summary>
    public const int OfRefusal = 200_000;

    /// <summary>Enough for one of many moves that are only looked at.</summary>
    public const int OfOffer = 50_000;

    private const int PerLook = 4;

    private int _left = left;

    /// <summary>Gets what is left.</summary>
    public int Left => _left;

    public bool IsSpent => _left <= 0;

    public void Spend(int steps) => _left -= Math.Min(steps, Math.Max(_left, 0));

    /// <summary>Asks a schema whether it allows a value; not when there is nothing left to ask with.</summary>
    public bool Allows(JsonSchema schema, Value value)
    {
        var allows = schema.Allows(value, _left / PerLook, out var looks);
        Spend(looks * PerLook);
        return allows;
    }
}
