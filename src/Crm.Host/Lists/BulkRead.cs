using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using Crm.Entities;
using Crm.Entities.Records;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Lists;

/// <summary>Asks for records by their ids. A POST, for so many ids are longer than the paths that proxies let pass.</summary>
internal sealed record BulkReadRequest([property: Length(1, 200)] IReadOnlyList<Guid> Ids);

/// <param name="Items">The records, in the order they were asked for, each once.</param>
/// <param name="Missing">The ids of which there is none: deleted, another workspace's or never there.</param>
internal sealed record BulkReadResponse<T>(IReadOnlyList<T> Items, IReadOnlyList<Guid> Missing);

/// <summary>Reads records by their ids in one statement.</summary>
internal static class BulkRead
{
    public static async Task<Ok<BulkReadResponse<TResponse>>> AnswerAsync<T, TResponse>(
        BulkReadRequest request, CrmDbContext db, Expression<Func<T, TResponse>> shape, CancellationToken ct)
        where T : CrmRecord
    {
        var ids = request.Ids.Distinct().ToList();
        Expression<Func<T, Guid>> id = r => r.Id;
        Expression<Func<Guid, TResponse, KeyValuePair<Guid, TResponse>>> pair = (key, item) => new(key, item);
        var found = await db.Set<T>().AsNoTracking().Where(r => ids.Contains(r.Id))
            .Select(Expression.Lambda<Func<T, KeyValuePair<Guid, TResponse>>>(Lambdas.Replace(pair, id.Body, Lambdas.Replace(shape, id.Parameters[0])), id.Parameters))
            .ToDictionaryAsync(p => p.Key, p => p.Value, ct);
        return TypedResults.Ok(new BulkReadResponse<TResponse>([.. ids.Where(found.ContainsKey).Select(i => found[i])], [.. ids.Where(i => !found.ContainsKey(i))]));
    }
}
