using Crm.Wfm.Rules.Solving;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>What all proofs of a bundle together may take. Counted, not timed: the same bundle has the same findings on every machine.</summary>
internal sealed class Budget
{
    /// <summary>Enough for a thousand guards; a bundle that asks for more takes some tenths of a second, and is told so.</summary>
    public const int OfBundle = 3_000_000;

    /// <summary>What a question takes before anything is tried: its rules are taken apart.</summary>
    public const int PerQuestion = 1_000;

    /// <summary>Enough for one question.</summary>
    public const int OfQuestion = 20_000;

    // Most of a search is choosing which facts to change, which its fuel counts low.
    private const int PerFuel = 5;

    private readonly int _all;
    private int _left;

    public Budget(int all = OfBundle) => _all = _left = all;

    /// <summary>Gets whether there is nothing left to prove anything with.</summary>
    public bool IsSpent => _left <= 0;

    /// <summary>Gets what was spent.</summary>
    public int Spent => _all - _left;

    public void Spend(int steps) => _left -= Math.Min(steps, Math.Max(_left, 0));

    /// <summary>Asks a question, and pays for it.</summary>
    public T Ask<T>(Func<Fuel, T> question)
    {
        var given = Math.Min(_left / PerFuel + 1, OfQuestion);
        var fuel = new Fuel(given);
        var answer = question(fuel);
        Spend((given - fuel.Left) * PerFuel);
        return answer;
    }
}
