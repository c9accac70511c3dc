using System.ComponentModel.DataAnnotations;
using Crm.Wfm.Http;
using Crm.Wfm.Workflows;

namespace Crm.Host.Boards;

/// <summary>A board as the API shows it: a column per step, in the workflow's order.</summary>
internal sealed record BoardResponse<TCard>(IReadOnlyList<ColumnResponse<TCard>> Columns);

/// <param name="Step">The step's key.</param>
/// <param name="Title">Its name in the reader's language.</param>
/// <param name="IsFormer">Whether only earlier versions of the workflow have it; such columns come last, as long as somebody is there.</param>
/// <param name="Count">How many records are there; <c>null</c> where filters leave too many to count.</param>
/// <param name="Sums">What they are worth, by currency; <c>null</c> with the count.</param>
/// <param name="Cards">The first of them, the last to come on top.</param>
internal sealed record ColumnResponse<TCard>(
    string Step, string Title, string? Color, [property: AllowedValues("open", "waiting", "won", "lost", "cancelled", "done", null)] string? Category, double? Probability, int? WipLimit, bool IsFinal, bool IsFormer, long? Count, IReadOnlyList<SumResponse>? Sums, Page<TCard> Cards)
{
    public static ColumnResponse<TCard> Of(Step step, bool isFormer, IReadOnlyList<string> languages, IEnumerable<StepSum>? sums, Page<TCard> cards) => new(
        step.Key, step.Status.Title?.In(languages) ?? step.Key, step.Status.Color, step.Status.Category.Key(), step.Probability, step.WipLimit, step.Final, isFormer,
        sums?.Sum(s => s.Count), sums is null ? null : [.. sums.Where(s => s.Currency.Length > 0).OrderBy(s => s.Currency, StringComparer.Ordinal).Select(s => new SumResponse(s.Currency, s.Count, s.Amount))], cards);
}

internal sealed record SumResponse(string Currency, long Count, decimal Amount);
