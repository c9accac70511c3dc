using System.Diagnostics.CodeAnalysis;

namespace Crm.Wfm.Rules;

/// <summary>The <c>type</c> of the errors an evaluation can end in; <c>throw</c> adds types of its own.</summary>
public static class RuleErrors
{
    /// <summary>Something had to be a number and is none, or has no finite result.</summary>
    public const string NaN = "NaN";

    /// <summary>An operator was given too few or too many arguments, or arguments of the wrong kind.</summary>
    public const string InvalidArguments = "Invalid Arguments";

    /// <summary>A decision has no result: two rows hit where one may, or what is added up is no number; <c>message</c> says which.</summary>
    public const string Decision = "Decision";

    /// <summary>There is no such operator; <c>key</c> has its name.</summary>
    public const string UnknownOperator = "Unknown Operator";

    /// <summary>The rule is too large, or evaluating it took more than it may; <c>message</c> says what. No <c>try</c> catches it.</summary>
    public const string TooComplex = "Too Complex";

    internal static Value NotANumber { get; } = Of(NaN);

    internal static Value WrongArguments { get; } = Of(InvalidArguments);

    internal static Value Unknown(string name) => Value.From(new FactObjectBuilder { ["type"] = Value.From(UnknownOperator), ["key"] = Value.From(name) }.Build());

    internal static Value Limit(string message) => Value.From(new FactObjectBuilder { ["type"] = Value.From(TooComplex), ["message"] = Value.From(message) }.Build());

    /// <summary>An object with a type is an error as it is, everything else an error's type.</summary>
    internal static Value Of(Value thrown) => thrown.AsObject?.Has("type") == true ? thrown : Value.From(new FactObjectBuilder { ["type"] = thrown }.Build());

    private static Value Of(string type) => Of(Value.From(type));
}

/// <summary>An error of a rule on its way to the next <c>try</c> or to the end of the evaluation, beyond which no exception gets.</summary>
internal sealed class Thrown(Value error, bool isFinal = false) : Exception
{
    public Value Error { get; } = error;

    /// <summary>Whether no <c>try</c> may catch it.</summary>
    public bool IsFinal { get; } = isFinal;

    [DoesNotReturn]
    public static void NaN() => throw new Thrown(RuleErrors.NotANumber);

    [DoesNotReturn]
    public static void WrongArguments() => throw new Thrown(RuleErrors.WrongArguments);

    [DoesNotReturn]
    public static void TooComplex(string message) => throw new Thrown(RuleErrors.Limit(message), isFinal: true);
}
