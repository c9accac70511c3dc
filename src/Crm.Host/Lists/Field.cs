using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Lists;

/// <summary>Something records are filtered by.</summary>
internal abstract record Field<T>(string Name, FieldType Type)
{
    private const int MostValues = 100;

    /// <summary>Makes the condition of one parameter; <c>null</c> with what is wrong.</summary>
    /// <param name="comparison">The operator, one of the type's.</param>
    /// <param name="texts">The values as they were sent: several where the parameter was repeated.</param>
    /// <param name="wrong">What is wrong with them, to follow the parameter's name.</param>
    public Expression<Func<T, bool>>? Condition(string comparison, IReadOnlyList<string> texts, out string? wrong)
    {
        wrong = null;
        var several = comparison is "eq" or "ne";
        IReadOnlyList<string> values = several && Type.CommasPart ? [.. texts.SelectMany(t => t.Split(','))] : texts;
        if (!several && values.Count > 1) wrong = "is there twice.";
        else if (values.Count > MostValues) wrong = $"has more than {MostValues} values.";
        else if (comparison == "null") return IsNull(values[0], out wrong);
        if (wrong is not null) return null;
        var condition = Compare(comparison == "ne" ? "eq" : comparison, values, out wrong);
        return comparison == "ne" && condition is not null ? Lambdas.Not(condition) : condition;
    }

    /// <summary>Makes the condition of a comparison but <c>ne</c> and <c>null</c>.</summary>
    public abstract Expression<Func<T, bool>>? Compare(string comparison, IReadOnlyList<string> texts, out string? wrong);

    /// <summary>Makes the condition that a record lacks it.</summary>
    public abstract Expression<Func<T, bool>> IsNull();

    private Expression<Func<T, bool>>? IsNull(string text, out string? wrong)
    {
        wrong = text is "true" or "false" ? null : "is `true` or `false`.";
        return text switch { "true" => IsNull(), "false" => Lambdas.Not(IsNull()), _ => null };
    }
}

/// <param name="Value">Where the record has it; <c>TValue</c> is a type that knows null.</param>
internal sealed record Field<T, TValue>(string Name, FieldType<TValue> ValueType, Expression<Func<T, TValue?>> Value) : Field<T>(Name, ValueType)
{
    public override Expression<Func<T, bool>>? Compare(string comparison, IReadOnlyList<string> texts, out string? wrong)
    {
        var values = texts.Select(t => (Text: t, Value: ValueType.Read(t))).ToList();
        wrong = values.Where(v => v.Value is null).Select(v => $"is {ValueType.Values}, not '{v.Text}'.").FirstOrDefault();
        return wrong is null ? Compare(comparison, [.. values.Select(v => v.Value)]) : null;
    }

    public override Expression<Func<T, bool>> IsNull() => Lambda(Expression.Equal(Value.Body, Expression.Constant(null, typeof(TValue))));

    private Expression<Func<T, bool>> Compare(string comparison, List<TValue?> values) => comparison switch
    {
        "eq" when values is [var only] => Lambda(Expression.Equal(Value.Body, Parameter(only))),
        // Said twice, so that EF Core does not look for null among the values.
        "eq" => Lambda(Expression.AndAlso(Lambdas.Not(IsNull()).Body, Expression.Call(Parameter(values), nameof(List<TValue>.Contains), null, Value.Body))),
        "gt" => Lambda(Expression.GreaterThan(Value.Body, Parameter(values[0]))),
        "gte" => Lambda(Expression.GreaterThanOrEqual(Value.Body, Parameter(values[0]))),
        "lt" => Lambda(Expression.LessThan(Value.Body, Parameter(values[0]))),
        "lte" => Lambda(Expression.LessThanOrEqual(Value.Body, Parameter(values[0]))),
        "contains" => Like($"%{Literal(values)}%"),
        "startsWith" => Like($"{Literal(values)}%"),
        _ => throw new System.Diagnostics.UnreachableException(comparison),
    };

    // Whatever the case of letters.
    private Expression<Func<T, bool>> Like(string pattern)
    {
        Expression<Func<string, bool>> like = text => EF.Functions.ILike(text, pattern, "\\");
        return Lambda(Lambdas.Replace(like, Value.Body));
    }

    private static string Literal(List<TValue?> values) => values[0]!.ToString()!.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_");

    private Expression<Func<T, bool>> Lambda(Expression body) => Expression.Lambda<Func<T, bool>>(body, Value.Parameters);

    // A closure, not a constant: EF Core sends it as a parameter, and compiles a query once for all values.
    private static Expression Parameter<TParameter>(TParameter value)
    {
        Expression<Func<TParameter>> held = () => value;
        return held.Body;
    }
}
