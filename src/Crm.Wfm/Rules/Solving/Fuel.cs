namespace Crm.Wfm.Rules.Solving;

/// <summary>What a search may still spend. Counted, not timed: the same question has the same answer on every machine.</summary>
internal sealed class Fuel(int left)
{
    /// <summary>Enough for a refusal: some milliseconds.</summary>
    public const int OfRefusal = 200_000;

    /// <summary>Enough for one of many moves that are only looked at.</summary>
    public const int OfOffer = 50_000;

    private int _left = left;

    public bool IsSpent => _left <= 0;

    public void Spend(int steps) => _left -= steps;
}
