namespace Crm.Wfm.Rules.Operators;

/// <summary>Times and durations.</summary>
internal static class Times
{
    /// <summary>Reading or writing a time costs as much as that many steps.</summary>
    public const int Cost = 25;

    public static DateTimeOffset Read(Term term, in Scope scope)
    {
        var value = term.Evaluate(in scope);
        scope.Run.Charge(Cost);
        if (FactTime.Read(value.AsText) is not { } time) throw new Thrown(RuleErrors.WrongArguments);
        return time;
    }
}

/// <summary><c>now</c>: the time of the decision, as the facts have it. No rule looks at a clock.</summary>
internal sealed class Now : Term
{
    private static readonly FactPath Path = FactPath.Dotted(Value.From("now"))!;

    public override Reading Reading => new([Path], Levels: -1);

    public override Value Evaluate(in Scope scope)
    {
        ref readonly var now = ref Path.Find(in scope.Root);
        if (now.Kind != ValueKind.Text) Thrown.WrongArguments();
        return now;
    }
}

/// <summary><c>date</c>: a date or a time in the form that all times among the facts have, in which comparing texts compares times.</summary>
internal sealed class Date(Call call) : Term
{
    private readonly Term _time = call[0];

    public override Value Evaluate(in Scope scope) => Value.From(Times.Read(_time, in scope));
}

/// <summary><c>daysBetween</c>: how many whole days of 24 hours lie between two times; negative when the second is the earlier one.</summary>
internal sealed class DaysBetween(Call call) : Calculation
{
    private readonly Term _from = call[0];
    private readonly Term _to = call[1];

    public override double Number(in Scope scope)
    {
        var from = Times.Read(_from, in scope);
        return (Times.Read(_to, in scope) - from).Days;
    }
}

/// <summary><c>addDuration</c>: a time so much later; earlier with a duration that begins with <c>-</c>.</summary>
internal sealed class AddDuration(Call call) : Term
{
    private readonly Term _time = call[0];
    private readonly Term _duration = call[1];

    public override Value Evaluate(in Scope scope)
    {
        var time = Times.Read(_time, in scope);
        var text = _duration.Evaluate(in scope).AsText;
        scope.Run.Charge(2 * Times.Cost);
        var isBack = text is ['-', ..];
        if (IsoDuration.Parse(isBack ? text![1..] : text) is not { } duration) throw new Thrown(RuleErrors.WrongArguments);
        var ticks = time.UtcTicks + (isBack ? -duration.Ticks : duration.Ticks);
        if (ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks) Thrown.WrongArguments();
        return Value.From(new DateTimeOffset(ticks, TimeSpan.Zero));
    }
}
