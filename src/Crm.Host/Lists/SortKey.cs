using System.Linq.Expressions;
using System.Text.Json;
using Crm.Wfm.Http;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Lists;

/// <summary>Something records are sorted by; records that lack it come last, equal ones are parted by id.</summary>
internal abstract record SortKey<T>(string Name)
{
    /// <summary>Tells whether a cursor has a key of this kind.</summary>
    public abstract bool Fits(Cursor cursor);

    /// <summary>Reads a page in one statement.</summary>
    public abstract Task<Page<TResponse>> PageAsync<TResponse>(IQueryable<T> records, PageRequest page, Expression<Func<T, TResponse>> shape, CancellationToken ct);
}

/// <summary>Which page is asked for.</summary>
/// <param name="Descending">Whether the greatest come first.</param>
/// <param name="Limit">How many records it has at most.</param>
/// <param name="After">Where the page before ended; <c>null</c> for the first page.</param>
/// <param name="Query">What query it is a page of: see <see cref="Cursor.Query"/>.</param>
internal sealed record PageRequest(bool Descending, int Limit, Cursor? After, byte[] Query);

/// <param name="Key">Where the record has it.</param>
/// <param name="Id">The record's id.</param>
internal sealed record SortKey<T, TKey>(string Name, Expression<Func<T, TKey>> Key, Expression<Func<T, Guid>> Id) : SortKey<T>(Name)
{
    private static readonly bool IsOptional = Nullable.GetUnderlyingType(typeof(TKey)) is not null;

    public override bool Fits(Cursor cursor)
    {
        try
        {
            return JsonSerializer.Deserialize<TKey>(cursor.Key) is not null || IsOptional;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public override async Task<Page<TResponse>> PageAsync<TResponse>(IQueryable<T> records, PageRequest page, Expression<Func<T, TResponse>> shape, CancellationToken ct)
    {
        var rows = await Cut(records, page).Select(WithKey(shape)).ToListAsync(ct); // one beyond the page says whether there is another
        var next = rows.Count > page.Limit ? EndOf(rows[page.Limit - 1]).Write(page.Query) : null;
        return new([.. rows.Take(page.Limit).Select(r => r.Item)], next);
    }

    private IQueryable<T> Cut(IQueryable<T> records, PageRequest page)
    {
        var after = page.After is { } cursor ? (Key: JsonSerializer.Deserialize<TKey>(cursor.Key)!, cursor.Id) : default((TKey Key, Guid Id)?);
        if (!IsOptional) return Sort(after is { } last ? records.Where(Beyond(last, page.Descending)) : records, page);
        var lacking = records.Where(IsNull());
        if (after is { Key: null } among) return Sort(lacking.Where(Beyond(among.Id, page.Descending)), page);
        // Each part is read in the order an index has, so neither more than a page; then they are one after the other.
        var having = records.Where(Not(IsNull()));
        if (after is { } beyond) having = having.Where(Beyond(beyond, page.Descending));
        return Then(Sort(having, page).Concat(Sort(lacking, page)).OrderBy(IsNull()), page);
    }

    private IQueryable<T> Sort(IQueryable<T> records, PageRequest page) =>
        (page.Descending ? records.OrderByDescending(Key).ThenByDescending(Id) : records.OrderBy(Key).ThenBy(Id)).Take(page.Limit + 1);

    private IQueryable<T> Then(IOrderedQueryable<T> records, PageRequest page) =>
        (page.Descending ? records.ThenByDescending(Key).ThenByDescending(Id) : records.ThenBy(Key).ThenBy(Id)).Take(page.Limit + 1);

    private Expression<Func<T, bool>> IsNull() => Lambda(Expression.Equal(Key.Body, Expression.Constant(null, typeof(TKey))));

    private static Expression<Func<T, bool>> Not(Expression<Func<T, bool>> condition) => Expression.Lambda<Func<T, bool>>(Expression.Not(condition.Body), condition.Parameters);

    // Compared as rows, (key, id) > (x, y), which is one range of an index.
    private Expression<Func<T, bool>> Beyond((TKey Key, Guid Id) last, bool descending)
    {
        Expression<Func<TKey, Guid, bool>> beyond = descending
            ? (key, id) => EF.Functions.LessThan(ValueTuple.Create(key, id), ValueTuple.Create(last.Key, last.Id))
            : (key, id) => EF.Functions.GreaterThan(ValueTuple.Create(key, id), ValueTuple.Create(last.Key, last.Id));
        return Lambda(Parameters.Replace(beyond, Key.Body, IdOfKey()));
    }

    private Expression<Func<T, bool>> Beyond(Guid last, bool descending)
    {
        Expression<Func<Guid, bool>> beyond = descending ? id => id < last : id => id > last;
        return Lambda(Parameters.Replace(beyond, IdOfKey()));
    }

    private Expression<Func<T, Row<TResponse>>> WithKey<TResponse>(Expression<Func<T, TResponse>> shape)
    {
        Expression<Func<TKey, Guid, TResponse, Row<TResponse>>> row = (key, id, item) => new Row<TResponse> { Key = key, Id = id, Item = item };
        return Expression.Lambda<Func<T, Row<TResponse>>>(Parameters.Replace(row, Key.Body, IdOfKey(), Parameters.Replace(shape, Key.Parameters[0])), Key.Parameters);
    }

    private Expression IdOfKey() => Parameters.Replace(Id, Key.Parameters[0]);

    private Expression<Func<T, bool>> Lambda(Expression body) => Expression.Lambda<Func<T, bool>>(body, Key.Parameters);

    private static Cursor EndOf<TResponse>(Row<TResponse> row) => new(JsonSerializer.Serialize(row.Key), row.Id);

    private sealed class Row<TResponse>
    {
        public required TKey Key { get; init; }

        public required Guid Id { get; init; }

        public required TResponse Item { get; init; }
    }
}
