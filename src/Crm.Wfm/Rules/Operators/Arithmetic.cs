namespace Crm.Wfm.Rules.Operators;

/// <summary>What <c>+ * - / %</c> do with two numbers; structs, so that each compiles to its own code.</summary>
internal interface IFold
{
    /// <summary>What a single argument is combined with, and what no argument at all gives.</summary>
    static abstract double Start { get; }

    /// <summary>How many arguments are needed.</summary>
    static abstract int Least { get; }

    static abstract double Of(double left, double right);
}

internal readonly struct Sum : IFold
{
    public static double Start => 0;

    public static int Least => 0;

    public static double Of(double left, double right) => left + right;
}

internal readonly struct Product : IFold
{
    public static double Start => 1;

    public static int Least => 0;

    public static double Of(double left, double right) => left * right;
}

internal readonly struct Difference : IFold
{
    public static double Start => 0;

    public static int Least => 1;

    public static double Of(double left, double right) => left - right;
}

internal readonly struct Quotient : IFold
{
    public static double Start => 1;

    public static int Least => 1;

    public static double Of(double left, double right) => left / right;
}

internal readonly struct Remainder : IFold
{
    public static double Start => double.NaN;

    public static int Least => 2;

    /// <summary>The remainder has the sign of the dividend.</summary>
    public static double Of(double left, double right) => left % right;
}

/// <summary>Arithmetic from left to right. A result that is no finite number is an error, such as that of dividing by zero.</summary>
internal sealed class Fold<TFold>(Call call) : Calculation where TFold : struct, IFold
{
    private readonly Term[] _arguments = call.Arguments;
    private readonly bool _isSpread = call.IsSpread;

    public override double Number(in Scope scope)
    {
        if (_isSpread) return OfValue(_arguments[0].Evaluate(in scope), ref scope.Run);
        var arguments = _arguments;
        var result = arguments.Length == 0 ? TFold.Start : First(arguments[0].Number(in scope), arguments.Length);
        for (var i = 1; i < arguments.Length; i++) result = TFold.Of(result, arguments[i].Number(in scope));
        return Checked(result);
    }

    private static double OfValue(Value value, ref Run run)
    {
        var items = value.Kind == ValueKind.List ? value.AsList : new(in value);
        if (items.Length < TFold.Least) Thrown.WrongArguments();
        run.Charge(items.Length);
        var result = items.Length == 0 ? TFold.Start : First(Coercion.Number(in items[0], ref run), items.Length);
        for (var i = 1; i < items.Length; i++) result = TFold.Of(result, Coercion.Number(in items[i], ref run));
        return Checked(result);
    }

    /// <summary>A single argument is combined with the start: <c>{"-": x}</c> is 0 - x, <c>{"/": x}</c> is 1 / x.</summary>
    private static double First(double number, int count) => count == 1 ? TFold.Of(TFold.Start, number) : number;

    private static double Checked(double result)
    {
        if (!double.IsFinite(result)) Thrown.NaN();
        return result;
    }
}

/// <summary><c>min</c> and <c>max</c>, of numbers alone.</summary>
internal sealed class Extreme(Call call, int sign) : Calculation
{
    private readonly Term[] _arguments = call.Arguments;
    private readonly bool _isSpread = call.IsSpread;

    public override double Number(in Scope scope)
    {
        if (_isSpread) return OfValue(_arguments[0].Evaluate(in scope), ref scope.Run);
        var least = double.PositiveInfinity;
        foreach (var argument in _arguments)
        {
            var value = argument.Evaluate(in scope);
            least = Lesser(least, in value);
        }

        return Checked(least);
    }

    private double OfValue(Value value, ref Run run)
    {
        var items = value.Kind == ValueKind.List ? value.AsList : new(in value);
        run.Charge(items.Length);
        var least = double.PositiveInfinity;
        foreach (ref readonly var item in items) least = Lesser(least, in item);
        return Checked(items.IsEmpty ? double.NaN : least);
    }

    private double Lesser(double least, in Value value) => value.Kind == ValueKind.Number ? Math.Min(least, sign * value.AsNumber) : double.NaN;

    private double Checked(double least)
    {
        if (double.IsNaN(least)) Thrown.WrongArguments();
        return sign * least;
    }
}
