using System.Linq.Expressions;
using Crm.Host.Lists;

namespace Crm.Host.Boards;

/// <summary>What a noun's board is made of.</summary>
/// <param name="Listing">What its cards can be filtered by.</param>
/// <param name="Step">The column a record is in; <c>null</c> for those without a project, which are on no board.</param>
/// <param name="EnteredAt">Since when: the last to come is on top.</param>
/// <param name="Worth">What a record adds to its column's sums.</param>
internal sealed record Board<T>(Listing<T> Listing, Expression<Func<T, string?>> Step, Expression<Func<T, DateTimeOffset>> EnteredAt, Expression<Func<T, Worth>> Worth)
    where T : class
{
    public SortKey<T, DateTimeOffset> Order { get; } = new("stepEnteredAt", EnteredAt, Listing.IdOf);

    /// <summary>Gets the parameters that say which board it is, and filter no cards.</summary>
    public IReadOnlyList<string> Own { get; init; } = [];

    /// <summary>Gets what stands before the subject type where the records are counted: see 60_counters.sql.</summary>
    public string CountedAs { get; init; } = "";

    /// <summary>Keeps the records of one column.</summary>
    public IQueryable<T> In(IQueryable<T> records, string step)
    {
        Expression<Func<string>> held = () => step;
        return records.Where(IsIn(held.Body));
    }

    /// <summary>Keeps the records that are in a column.</summary>
    public IQueryable<T> OnBoard(IQueryable<T> records) =>
        records.Where(Expression.Lambda<Func<T, bool>>(Expression.NotEqual(Step.Body, Expression.Constant(null, typeof(string))), Step.Parameters));

    /// <summary>Takes the first records of each column: by LATERAL, so that no column is read further than is shown of it.</summary>
    public IQueryable<T> Tops(IQueryable<string> steps, IQueryable<T> records, int count)
    {
        var step = Expression.Parameter(typeof(string), "step");
        // Of two columns that are equal EF Core makes a join, and numbers all rows there are; of an expression it makes LATERAL, which takes no more than it is to.
        // Under row level security the expression has to be leakproof besides, or no index serves it: a case is, putting texts together is not.
        Expression<Func<string, string?>> itself = text => text == "" ? null : text;
        var column = records.Where(IsIn(Lambdas.Replace(itself, step)));
        var top = Order.Sort(column, descending: true).Take(count).Expression;
        return steps.SelectMany(Expression.Lambda<Func<string, IEnumerable<T>>>(top, step), (_, record) => record);
    }

    /// <summary>Shows records as cards that know their column.</summary>
    public Expression<Func<T, StepCard<TCard>>> Card<TCard>(Expression<Func<T, TCard>> shape)
    {
        Expression<Func<string, TCard, StepCard<TCard>>> card = (step, shown) => new() { Step = step, Card = shown };
        return Expression.Lambda<Func<T, StepCard<TCard>>>(Lambdas.Replace(card, Step.Body, Lambdas.Replace(shape, Step.Parameters[0])), Step.Parameters);
    }

    private Expression<Func<T, bool>> IsIn(Expression step) => Expression.Lambda<Func<T, bool>>(Expression.Equal(Step.Body, step), Step.Parameters);
}

/// <summary>What a record adds to its column's sums: one, and its amount.</summary>
internal sealed class Worth
{
    public required string Step { get; init; }

    /// <summary>Gets the amount's currency; empty for records that have no amount.</summary>
    public required string Currency { get; init; }

    public required decimal Amount { get; init; }
}

/// <summary>A card and the column it is in.</summary>
internal sealed class StepCard<TCard>
{
    public required string Step { get; init; }

    public required TCard Card { get; init; }
}

/// <summary>How many records of a column have a currency, and what they are worth together.</summary>
internal sealed class StepSum
{
    public required string Step { get; init; }

    public required string Currency { get; init; }

    public required long Count { get; init; }

    public required decimal Amount { get; init; }
}
