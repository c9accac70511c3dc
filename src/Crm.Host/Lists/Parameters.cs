using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;

namespace Crm.Host.Lists;

/// <summary>Puts expressions together.</summary>
internal static class Parameters
{
    /// <summary>Takes a lambda's body, with other expressions in place of its parameters.</summary>
    public static Expression Replace(LambdaExpression lambda, params IReadOnlyList<Expression> arguments)
    {
        var body = lambda.Body;
        for (var i = 0; i < arguments.Count; i++) body = ReplacingExpressionVisitor.Replace(lambda.Parameters[i], arguments[i], body);
        return body;
    }
}
