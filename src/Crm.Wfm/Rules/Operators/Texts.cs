using System.Text;

namespace Crm.Wfm.Rules.Operators;

/// <summary><c>cat</c>: all arguments as one text; null adds nothing.</summary>
internal sealed class Cat(Call call) : Term(call)
{
    public override Value Evaluate(in Scope scope)
    {
        var text = new StringBuilder();
        foreach (var argument in Arguments) Coercion.Join(text, argument.Evaluate(in scope));
        return Value.From(text.ToString());
    }
}

/// <summary><c>substr</c>: from a start, counted from the end when negative; a negative length leaves out that many characters at the end.</summary>
internal sealed class Substr(Call call) : Term(call)
{
    public override Value Evaluate(in Scope scope)
    {
        var text = Coercion.Text(Arguments[0].Evaluate(in scope));
        var start = Arguments[1].Number(in scope);
        var from = Within(start < 0 ? text.Length + Math.Truncate(start) : start, text.Length);
        var rest = text.Length - from;
        if (Arguments.Length < 3) return Value.From(text[from..]);
        var length = Arguments[2].Number(in scope);
        return Value.From(text.Substring(from, Within(length < 0 ? rest + length : length, rest)));
    }

    private static int Within(double position, int most) => double.IsNaN(position) ? 0 : (int)Math.Clamp(position, 0, most);
}

/// <summary><c>log</c>: its argument. Other implementations print it; a rule here has no effects.</summary>
internal sealed class Log(Call call) : Term(call)
{
    public override Value Evaluate(in Scope scope) => Arguments[0].Evaluate(in scope);
}
