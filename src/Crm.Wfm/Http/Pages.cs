namespace Crm.Wfm.Http;

/// <summary>One page of a list.</summary>
/// <param name="Items">The items.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; <c>null</c> on the last one.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Pages by key: 50 items unless asked otherwise, 200 at most.</summary>
internal static class Pages
{
    public const int Max = 200;

    public static int Size(int? limit) => limit ?? 50;

    public static Fault? Check(int? limit) => limit is null or (> 0 and <= Max) ? null : new("", "limit", $"limit is 1 to {Max}.");

    /// <summary>Cuts rows, read one beyond the page, to the page.</summary>
    public static Page<T> Of<TRow, T>(List<TRow> rows, int? limit, Func<TRow, string> key, Func<TRow, T> map)
    {
        var size = Size(limit);
        return new([.. rows.Take(size).Select(map)], rows.Count > size ? key(rows[size - 1]) : null);
    }
}
