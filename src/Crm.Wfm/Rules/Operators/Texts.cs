using System.Text;
using Crm.Wfm.Patterns;

namespace Crm.Wfm.Rules.Operators;

/// <summary><c>cat</c>: all arguments as one text; null adds nothing.</summary>
internal sealed class Cat(Call call) : Term
{
    private readonly Term[] _arguments = call.Arguments;

    public override Value Evaluate(in Scope scope)
    {
        var text = new StringBuilder();
        foreach (var argument in _arguments)
        {
            var value = argument.Evaluate(in scope);
            Coercion.Join(text, in value, ref scope.Run);
        }

        return Value.From(text.ToString());
    }
}

/// <summary><c>substr</c>: from a start, counted from the end when negative; a negative length leaves out that many characters at the end.</summary>
internal sealed class Substr(Call call) : Term
{
    private readonly Term[] _arguments = call.Arguments;

    public override Value Evaluate(in Scope scope)
    {
        var value = _arguments[0].Evaluate(in scope);
        var text = Coercion.Text(in value, ref scope.Run);
        var start = _arguments[1].Number(in scope);
        var from = Within(start < 0 ? text.Length + Math.Truncate(start) : start, text.Length);
        var rest = text.Length - from;
        var length = _arguments.Length < 3 ? rest : Length(_arguments[2].Number(in scope), rest);
        scope.Run.ChargeCopy(length);
        return Value.From(text.Substring(from, length));
    }

    private static int Length(double wanted, int rest) => Within(wanted < 0 ? rest + wanted : wanted, rest);

    private static int Within(double position, int most) => double.IsNaN(position) ? 0 : (int)Math.Clamp(position, 0, most);
}

/// <summary>What the operators about one text, or a text and a part of it, share: null is the empty text, and a list or an object is none.</summary>
internal static class PlainText
{
    public static string Of(Term term, in Scope scope)
    {
        var value = term.Evaluate(in scope);
        if (value.Kind > ValueKind.Text) Thrown.WrongArguments();
        return value.IsNull ? "" : Coercion.Text(in value, ref scope.Run);
    }
}

/// <summary><c>lower</c> and <c>upper</c>, whatever the language.</summary>
internal sealed class Recased(Call call, Func<string, string> recase) : Term
{
    private readonly Term _text = call[0];

    public override Value Evaluate(in Scope scope)
    {
        var text = PlainText.Of(_text, in scope);
        scope.Run.ChargeCopy(text.Length);
        return Value.From(recase(text));
    }
}

/// <summary><c>startsWith</c> and <c>endsWith</c>.</summary>
internal sealed class Affix(Call call, Func<string, string, bool> holds) : Test
{
    private readonly Term _text = call[0];
    private readonly Term _part = call[1];

    public override bool Holds(in Scope scope)
    {
        var text = PlainText.Of(_text, in scope);
        var part = PlainText.Of(_part, in scope);
        scope.Run.ChargeScan(part.Length);
        return holds(text, part);
    }
}

/// <summary><c>contains</c>: whether a text has a part, or a list an item.</summary>
internal sealed class Contains(Call call) : Test
{
    private readonly Term _whole = call[0];
    private readonly Term _part = call[1];

    public override bool Holds(in Scope scope)
    {
        var whole = _whole.Evaluate(in scope);
        if (whole.Kind == ValueKind.Object) Thrown.WrongArguments();
        if (whole.Kind == ValueKind.List)
        {
            var item = _part.Evaluate(in scope);
            return In.IsIn(in item, in whole, ref scope.Run);
        }

        var part = PlainText.Of(_part, in scope);
        var text = whole.IsNull ? "" : Coercion.Text(in whole, ref scope.Run);
        scope.Run.ChargeScan(text.Length);
        return text.Contains(part, StringComparison.Ordinal);
    }
}

/// <summary><c>matches</c>: whether a pattern, which stands in the rule, matches somewhere in a text.</summary>
internal sealed class Matches(Term text, EcmaPattern pattern) : Test
{
    public static Term Of(Call call)
    {
        if (call[1].Constant is not { Kind: ValueKind.Text, AsText: { } source }) return Failing.Arguments("The pattern of 'matches' has to stand in the rule.");
        return EcmaPattern.Compile(source, out var problem) is { } pattern
            ? new Matches(call[0], pattern)
            : new Failing("rule-pattern", $"The pattern is none: {problem}.", RuleErrors.WrongArguments);
    }

    public override bool Holds(in Scope scope)
    {
        var value = PlainText.Of(text, in scope);
        var isMatch = pattern.IsMatch(value, scope.Run.Left, out var steps);
        scope.Run.Charge(steps);
        return isMatch!.Value;
    }
}
