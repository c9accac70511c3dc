namespace Crm.Wfm.Http;

/// <summary>One page of a list.</summary>
/// <param name="Items">The items.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; <c>null</c> on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Pages by key: 50 items unless asked otherwise, 200 at most.</summary>
public static class Pages
{
    /// <summary>The most items a page has.</summary>
    public const int Max = 200;

    /// <summary>Says how many items were asked for.</summary>
    public static int Size(int? limit) => limit ?? 50;

    /// <summary>Finds what is wrong with a limit.</summary>
    public static Fault? Check(int? limit) => limit is null or (> 0 and <= Max) ? null : new("?limit", "limit", $"limit is 1 to {Max}.");

    /// <summary>Cuts rows, read one beyond the page, to the page.</summary>
    public static Page<T> Of<TRow, T>(List<TRow> rows, int? limit, Func<TRow, string> key, Func<TRow, T> map)
    {
        var size = Size(limit);
        return new([.. rows.Take(size).Select(map)], rows.Count > size ? key(rows[size - 1]) : null);
    }
}
