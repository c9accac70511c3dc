using System.ComponentModel.DataAnnotations;

namespace Crm.Host.Boards;

/// <summary>How boards' counters are kept small, section <c>Crm:Boards</c>.</summary>
internal sealed class BoardOptions
{
    /// <summary>Gets or sets how often changes of the boards' sums are folded. Sums are exact in between; the more changes lie unfolded, the longer a board adds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan FoldEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how many changes one transaction folds at most.</summary>
    [Range(1, 1_000_000)]
    public int FoldAtOnce { get; set; } = 10_000;
}
