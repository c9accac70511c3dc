using System.Linq.Expressions;
using Crm.Entities;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Crm.Wfm.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Boards;

/// <summary>Reads boards: which columns there are, what their sums are, and their first cards, in a statement each.</summary>
internal sealed class BoardReader(CrmDbContext db, PublishedWorkflows workflows, CurrentRequest current)
{
    public const int UsualCards = 20;
    public const int MostCards = 50;

    /// <summary>How many records filters may leave to be counted; the sums of all of them cost nothing.</summary>
    public const int MostCounted = 10_000;

    /// <summary>Answers a request for a board.</summary>
    /// <param name="board">What it is made of.</param>
    /// <param name="subjectType">The subject type of its records.</param>
    /// <param name="parameters">The query string.</param>
    /// <param name="records">The noun's records.</param>
    /// <param name="shape">How a card is shown.</param>
    /// <param name="ct">Cancels the reading.</param>
    public async Task<Results<Ok<BoardResponse<TCard>>, ProblemHttpResult>> AnswerAsync<T, TCard>(
        Board<T> board, string subjectType, IQueryCollection parameters, IQueryable<T> records, Expression<Func<T, TCard>> shape, CancellationToken ct)
        where T : class
    {
        var noun = board.CountedAs + subjectType;
        var asked = await ListParameters<T>.ReadAsync(board.Listing, parameters, db, [.. board.Own, "limit"], ct);
        var limit = asked.Limit(UsualCards, MostCards);
        if (asked.Faults.Count > 0) return Problems.Faulty(asked.Faults);
        var all = await db.Database.SqlQuery<StepSum>($"select step, currency, count, amount from crm.step_sums({noun})").ToListAsync(ct);
        var columns = await ColumnsAsync(subjectType, all, ct);
        if (columns.Count == 0) return Problems.NotFound("board");
        var kept = board.OnBoard(asked.Keep(records));
        var sums = asked.IsFiltered ? await CountAsync(board, kept, ct) : all;
        var cards = await CardsAsync(board, columns, kept, limit, shape, ct);
        return TypedResults.Ok(new BoardResponse<TCard>([.. columns.Select(c => ColumnResponse<TCard>.Of(
            c.Step, c.IsFormer, current.Languages, sums?.Where(s => s.Step == c.Step.Key), Page(c.Step.Key)))]));

        Page<TCard> Page(string step)
        {
            var rows = cards[step].ToList();
            return new([.. rows.Take(limit).Select(r => r.Item.Card)], rows.Count > limit ? rows[limit - 1].Cursor.Write(Query(asked, subjectType, step)) : null);
        }
    }

    /// <summary>Answers a request for more cards of one column.</summary>
    public async Task<Results<Ok<Page<TCard>>, ProblemHttpResult>> AnswerColumnAsync<T, TCard>(
        Board<T> board, string subjectType, string step, IQueryCollection parameters, IQueryable<T> records, Expression<Func<T, TCard>> shape, CancellationToken ct)
        where T : class
    {
        var asked = await ListParameters<T>.ReadAsync(board.Listing, parameters, db, [.. board.Own, "limit", "after"], ct);
        var query = Query(asked, subjectType, step);
        var page = new PageRequest(true, asked.Limit(UsualCards, Pages.Max), asked.After(board.Order, query), query);
        if (asked.Faults.Count > 0) return Problems.Faulty(asked.Faults);
        return TypedResults.Ok(await board.Order.PageAsync(board.In(board.OnBoard(asked.Keep(records)), step), page, shape, ct));
    }

    // A step that the present version lacks is not lost while somebody is in it.
    private async Task<IReadOnlyList<(Step Step, bool IsFormer)>> ColumnsAsync(string subjectType, List<StepSum> sums, CancellationToken ct)
    {
        var present = (await workflows.DefaultOfAsync(subjectType, ct))?.Steps ?? [];
        var others = sums.Select(s => s.Step).Except(present.Select(s => s.Key)).ToList();
        var former = others.Count > 0 ? await workflows.FormerStepsAsync(subjectType, others, ct) : [];
        return [.. present.Select(s => (s, false)), .. former.Select(s => (s, true))];
    }

    private static async Task<List<StepSum>?> CountAsync<T>(Board<T> board, IQueryable<T> kept, CancellationToken ct)
        where T : class
    {
        var sums = await kept.OrderBy(board.Listing.IdOf).Take(MostCounted + 1).Select(board.Worth).GroupBy(w => new { w.Step, w.Currency })
            .Select(g => new StepSum { Step = g.Key.Step, Currency = g.Key.Currency, Count = g.LongCount(), Amount = g.Sum(w => w.Amount) }).ToListAsync(ct);
        return sums.Sum(s => s.Count) > MostCounted ? null : sums;
    }

    private async Task<ILookup<string, Row<DateTimeOffset, StepCard<TCard>>>> CardsAsync<T, TCard>(
        Board<T> board, IReadOnlyList<(Step Step, bool IsFormer)> columns, IQueryable<T> kept, int limit, Expression<Func<T, TCard>> shape, CancellationToken ct)
        where T : class
    {
        var keys = columns.Select(c => c.Step.Key).ToArray();
        var tops = board.Tops(db.Database.SqlQuery<string>($"select unnest({keys}::text[]) as \"Value\""), kept, limit + 1);
        var rows = await board.Order.Sort(tops, descending: true).Select(board.Order.Rows(board.Card(shape))).ToListAsync(ct);
        return rows.ToLookup(r => r.Item.Step);
    }

    private static byte[] Query<T>(ListParameters<T> asked, string subjectType, string step)
        where T : class => asked.Query("board", subjectType, step);
}
