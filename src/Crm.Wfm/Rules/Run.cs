using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Crm.Wfm.Rules;

/// <summary>
/// One evaluation: what it may still spend. A rule without iterators is paid for by its size, which is bounded; what is charged is what can grow beyond it:
/// every round of an iterator, every text and list that is made, every long one that is looked through. Steps are counted, so they are the same everywhere; the
/// clock is only the last resort, for a step that takes longer than anybody thought.
/// </summary>
internal struct Run
{
    /// <summary>Steps of one evaluation; about 10 ns each.</summary>
    public const int Budget = 250_000;

    /// <summary>Catching an error costs as much as that many steps.</summary>
    public const int PerError = 500;

    /// <summary>How deep lists and objects among the data may lie within each other; those that were read as JSON never lie deeper.</summary>
    public const int MaxDepthOfData = 4 * StrictJson.MaxDepth;

    /// <summary>The same of those that a rule makes; only <c>reduce</c> gets there.</summary>
    private const int MaxDepth = 2 * StrictJson.MaxDepth;

    /// <summary>Steps from one look at the clock to the next; who needs fewer never looks.</summary>
    private const int Slice = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private int _slice = Slice;
    private Reserve? _reserve;

    public Run()
    {
    }

    public Run(TimeSpan patience) => _reserve = new(patience);

    public readonly int Left => Budget - Spent;

    public readonly int Spent => Slice - _slice + (_reserve is { } reserve ? Budget - Slice - reserve.Rest : 0);

    /// <summary>Where the traces of the arguments in hand go; <c>null</c> when nothing is recorded.</summary>
    public List<Trace>? Recording
    {
        readonly get => _reserve?.Recording;
        set => (_reserve ??= new(Patience)).Recording = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Charge(int steps)
    {
        if ((_slice -= steps) < 0) NextSlice();
    }

    /// <summary>Charges for characters that are written anew.</summary>
    public void ChargeCopy(int characters) => Charge(characters >> 2);

    /// <summary>Charges for characters that are looked through.</summary>
    public void ChargeScan(int characters) => Charge(characters >> 6);

    /// <summary>Passes a list or an object that a rule made, if it is not nested too deeply to be looked at.</summary>
    public static Value Made(Value value)
    {
        CheckDepth(in value, MaxDepth);
        return value;
    }

    public static void CheckDepth(in Value value, int most)
    {
        if (value.Depth > most) Thrown.TooComplex($"Lists and objects lie more than {most} deep within each other.");
    }

    private void NextSlice()
    {
        var reserve = _reserve ??= new(Patience);
        reserve.Rest += _slice;
        _slice = 0;
        if (reserve.Rest < 0)
        {
            reserve.Rest = 0;
            Thrown.TooComplex(string.Create(CultureInfo.InvariantCulture, $"The rule was stopped after {Budget:N0} steps."));
        }

        if (reserve.Started == 0) reserve.Started = Stopwatch.GetTimestamp();
        else if (Stopwatch.GetElapsedTime(reserve.Started) > reserve.Patience) Thrown.TooComplex("The rule was stopped: it takes too long.");
        _slice = Math.Min(Slice, reserve.Rest);
        reserve.Rest -= _slice;
    }

    private sealed class Reserve(TimeSpan patience)
    {
        public int Rest = Budget - Slice;
        public long Started;
        public readonly TimeSpan Patience = patience;
        public List<Trace>? Recording;
    }
}
