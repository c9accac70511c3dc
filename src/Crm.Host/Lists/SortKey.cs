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

/// <summary>A record as it is shown, and what a cursor needs of it.</summary>
internal sealed class Row<TKey, TResponse>
{
    public required TKey Key { get; init; }

    public required Guid Id { get; init; }

    public required TResponse Item { get; init; }

    public Cursor Cursor => new(JsonSerializer.Serialize(Key), Id);
}

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
        // One beyond the page says whether there is another.
        var rows = await Cut(records, page).Select(Rows(shape)).ToListAsync(ct);
        return new([.. rows.Take(page.Limit).Select(r => r.Item)], rows.Count > page.Limit ? rows[page.Limit - 1].Cursor.Write(page.Query) : null);
    }

    /// <summary>Sorts records.</summary>
    public IOrderedQueryable<T> Sort(IQueryable<T> records, bool descending) =>
        descending ? records.OrderByDescending(Key).ThenByDescending(Id) : records.OrderBy(Key).ThenBy(Id);

    /// <summary>Shows records with what a cursor needs.</summary>
    public Expression<Func<T, Row<TKey, TResponse>>> Rows<TResponse>(Expression<Func<T, TResponse>> shape)
    {
        Expression<Func<TKey, Guid, TResponse, Row<TKey, TResponse>>> row = (key, id, item) => new() { Key = key, Id = id, Item = item };
        return Expression.Lambda<Func<T, Row<TKey, TResponse>>>(Lambdas.Replace(row, Key.Body, IdOfKey(), Lambdas.Replace(shape, Key.Parameters[0])), Key.Parameters);
    }

    private IQueryable<T> Cut(IQueryable<T> records, PageRequest page)
    {
        var after = page.After is { } cursor ? (Key: JsonSerializer.Deserialize<TKey>(cursor.Key)!, cursor.Id) : default((TKey Key, Guid Id)?);
        if (!IsOptional) return Some(after is { } last ? records.Where(Beyond(last, page.Descending)) : records, page);
        var lacking = records.Where(IsNull());
        if (after is { Key: null } among) return Some(lacking.Where(Beyond(among.Id, page.Descending)), page);
        // Each part is read in the order an index has, and no more than a page of it; then one follows the other.
        var having = records.Where(Lambdas.Not(IsNull()));
        if (after is { } beyond) having = having.Where(Beyond(beyond, page.Descending));
        var both = Some(having, page).Concat(Some(lacking, page)).OrderBy(IsNull());
        return (page.Descending ? both.ThenByDescending(Key).ThenByDescending(Id) : both.ThenBy(Key).ThenBy(Id)).Take(page.Limit + 1);
    }

    private IQueryable<T> Some(IQueryable<T> records, PageRequest page) => Sort(records, page.Descending).Take(page.Limit + 1);

    private Expression<Func<T, bool>> IsNull() => Lambda(Expression.Equal(Key.Body, Expression.Constant(null, typeof(TKey))));

    // Compared as rows, (key, id) > (x, y), which is one range of an index.
    private Expression<Func<T, bool>> Beyond((TKey Key, Guid Id) last, bool descending)
    {
        Expression<Func<TKey, Guid, bool>> beyond = descending
            ? (key, id) => EF.Functions.LessThan(ValueTuple.Create(key, id), ValueTuple.Create(last.Key, last.Id))
            : (key, id) => EF.Functions.GreaterThan(ValueTuple.Create(key, id), ValueTuple.Create(last.Key, last.Id));
        return Lambda(Lambdas.Replace(beyond, Key.Body, IdOfKey()));
    }

    private Expression<Func<T, bool>> Beyond(Guid last, bool descending)
    {
        Expression<Func<Guid, bool>> beyond = descending ? id => id < last : id => id > last;
        return Lambda(Lambdas.Replace(beyond, IdOfKey()));
    }

    private Expression IdOfKey() => Lambdas.Replace(Id, Key.Parameters[0]);

    private Expression<Func<T, bool>> Lambda(Expression body) => Expression.Lambda<Func<T, bool>>(body, Key.Parameters);
}
