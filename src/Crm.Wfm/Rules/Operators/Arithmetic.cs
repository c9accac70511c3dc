namespace Crm.Wfm.Rules.Operators;

/// <summary><c>+</c>, which also turns a single text into a number. Null and blank text are no numbers here, so their sum is NaN.</summary>
internal sealed class Sum(Call call) : Calculation(call)
{
    public override double Number(in Scope scope)
    {
        var sum = 0d;
        foreach (var argument in Arguments)
        {
            var value = argument.Evaluate(in scope);
            sum += Coercion.ParsedNumber(in value);
        }

        return sum;
    }
}

/// <summary><c>*</c>, with the same idea of a number as <see cref="Sum"/>.</summary>
internal sealed class Product(Call call) : Calculation(call)
{
    public override double Number(in Scope scope)
    {
        var product = 1d;
        foreach (var argument in Arguments)
        {
            var value = argument.Evaluate(in scope);
            product *= Coercion.ParsedNumber(in value);
        }

        return product;
    }
}

/// <summary><c>-</c> with one argument.</summary>
internal sealed class Negation(Call call) : Calculation(call)
{
    public override double Number(in Scope scope) => -Arguments[0].Number(in scope);
}

/// <summary><c>-</c> with two arguments.</summary>
internal sealed class Difference(Call call) : Calculation(call)
{
    public override double Number(in Scope scope) => Arguments[0].Number(in scope) - Arguments[1].Number(in scope);
}

/// <summary><c>/</c>; dividing by zero gives an infinity.</summary>
internal sealed class Quotient(Call call) : Calculation(call)
{
    public override double Number(in Scope scope) => Arguments[0].Number(in scope) / Arguments[1].Number(in scope);
}

/// <summary><c>%</c>: the remainder has the sign of the dividend.</summary>
internal sealed class Remainder(Call call) : Calculation(call)
{
    public override double Number(in Scope scope) => Arguments[0].Number(in scope) % Arguments[1].Number(in scope);
}

/// <summary><c>min</c>; NaN when an argument is no number.</summary>
internal sealed class Minimum(Call call) : Calculation(call)
{
    public override double Number(in Scope scope)
    {
        var least = double.PositiveInfinity;
        foreach (var argument in Arguments) least = Math.Min(least, argument.Number(in scope));
        return least;
    }
}

/// <summary><c>max</c>; NaN when an argument is no number.</summary>
internal sealed class Maximum(Call call) : Calculation(call)
{
    public override double Number(in Scope scope)
    {
        var most = double.NegativeInfinity;
        foreach (var argument in Arguments) most = Math.Max(most, argument.Number(in scope));
        return most;
    }
}
