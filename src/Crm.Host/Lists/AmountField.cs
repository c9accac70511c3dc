using System.Linq.Expressions;

namespace Crm.Host.Lists;

/// <summary>
/// An amount, which the table has once more as double precision: under row level security an index serves comparisons of that alone. They leave whatever meets
/// the exact one, for rounding keeps the order, and the exact one decides.
/// </summary>
/// <param name="Amount">Where the record has it.</param>
/// <param name="Key">Where the record has it as double precision.</param>
internal sealed record AmountField<T>(string Name, Expression<Func<T, decimal?>> Amount, Expression<Func<T, double?>> Key) : Field<T>(Name, FieldTypes.Number)
{
    private readonly Field<T> _exact = new Field<T, decimal?>(Name, FieldTypes.Number, Amount);
    private readonly Field<T> _near = new Field<T, double?>(Name, FieldTypes.Double, Key);

    public override Expression<Func<T, bool>>? Compare(string comparison, IReadOnlyList<string> texts, out string? wrong)
    {
        if (_exact.Compare(comparison, texts, out wrong) is not { } exact) return null;
        var near = _near.Compare(comparison switch { "gt" => "gte", "lt" => "lte", _ => comparison }, texts, out wrong)!;
        return Expression.Lambda<Func<T, bool>>(Expression.AndAlso(Lambdas.Replace(near, exact.Parameters[0]), exact.Body), exact.Parameters);
    }

    public override Expression<Func<T, bool>> IsNull() => _exact.IsNull();
}
