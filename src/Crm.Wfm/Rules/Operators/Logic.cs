namespace Crm.Wfm.Rules.Operators;

/// <summary><c>!</c> and <c>!!</c>.</summary>
internal sealed class Truth(Call call, bool wanted) : Test(call)
{
    private readonly Term _operand = call[0];

    public override bool Holds(in Scope scope) => _operand.Holds(in scope) == wanted;
}

/// <summary><c>and</c> stops at the first false argument, <c>or</c> at the first true one; the result is the argument that decided, or the last.</summary>
internal sealed class Junction(Call call, bool stopsAt) : Term(call)
{
    public override Value Evaluate(in Scope scope)
    {
        var value = Value.Null;
        foreach (var argument in Arguments)
        {
            value = argument.Evaluate(in scope);
            if (Coercion.Truthy(in value) == stopsAt) break;
        }

        return value;
    }

    public override bool Holds(in Scope scope)
    {
        foreach (var argument in Arguments)
        {
            if (argument.Holds(in scope) == stopsAt) return stopsAt;
        }

        return !stopsAt;
    }

    public override Trace Explain(in Scope scope)
    {
        var seen = new List<Trace>();
        foreach (var argument in Arguments)
        {
            seen.Add(argument.Explain(in scope));
            if (Coercion.Truthy(seen[^1].Result) == stopsAt) break;
        }

        return new(Operator, null, seen, seen[^1].Result);
    }
}

/// <summary><c>if</c> and <c>?:</c>: pairs of condition and result, then perhaps a result for "otherwise".</summary>
internal sealed class If(Call call) : Term(call)
{
    public override Value Evaluate(in Scope scope) => Chosen(in scope).Evaluate(in scope);

    public override bool Holds(in Scope scope) => Chosen(in scope).Holds(in scope);

    public override double Number(in Scope scope) => Chosen(in scope).Number(in scope);

    private Term Chosen(in Scope scope)
    {
        var i = 0;
        for (; i + 1 < Arguments.Length; i += 2)
        {
            if (Arguments[i].Holds(in scope)) return Arguments[i + 1];
        }

        return i < Arguments.Length ? Arguments[i] : Literal.Null;
    }

    public override Trace Explain(in Scope scope)
    {
        var chosen = Chosen(in scope);
        var seen = new List<Trace>();
        for (var i = 0; i < Arguments.Length; i += 2)
        {
            seen.Add(Arguments[i].Explain(in scope));
            if (i + 1 < Arguments.Length && ReferenceEquals(Arguments[i + 1], chosen))
            {
                seen.Add(chosen.Explain(in scope));
                break;
            }
        }

        return new(Operator, null, seen, chosen.Evaluate(in scope));
    }
}
