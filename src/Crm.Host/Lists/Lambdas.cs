using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;

namespace Crm.Host.Lists;

/// <summary>Puts expressions together.</summary>
internal static class Lambdas
{
    /// <summary>Takes a lambda's body, with other expressions in place of its parameters.</summary>
    public static Expression Replace(LambdaExpression lambda, params IReadOnlyList<Expression> arguments)
    {
        var body = lambda.Body;
        for (var i = 0; i < arguments.Count; i++) body = ReplacingExpressionVisitor.Replace(lambda.Parameters[i], arguments[i], body);
        return body;
    }

    /// <summary>Turns a condition into its opposite.</summary>
    public static Expression<Func<T, bool>> Not<T>(Expression<Func<T, bool>> condition) => Expression.Lambda<Func<T, bool>>(Expression.Not(condition.Body), condition.Parameters);
}
