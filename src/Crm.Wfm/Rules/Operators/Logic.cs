namespace Crm.Wfm.Rules.Operators;

/// <summary><c>!</c> and <c>!!</c>; nothing is not true.</summary>
internal sealed class Truth(Call call, bool wanted) : Test
{
    private readonly Term _operand = call.Count > 0 ? call[0] : Literal.Null;

    public override bool Holds(in Scope scope) => _operand.Holds(in scope) == wanted;
}

/// <summary><c>and</c> stops at the first false argument; the result is the argument that decided, or the last. Without any it is false.</summary>
internal sealed class And(Call call) : Term
{
    private readonly Term[] _arguments = call.Arguments;

    public override Value Evaluate(in Scope scope)
    {
        var value = Value.False;
        foreach (var argument in _arguments)
        {
            value = argument.Evaluate(in scope);
            if (!Coercion.Truthy(in value)) break;
        }

        return value;
    }

    public override bool Holds(in Scope scope)
    {
        var arguments = _arguments;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].Holds(in scope)) return false;
        }

        return arguments.Length > 0;
    }
}

/// <summary><c>or</c> stops at the first true argument.</summary>
internal sealed class Or(Call call) : Term
{
    private readonly Term[] _arguments = call.Arguments;

    public override Value Evaluate(in Scope scope)
    {
        var value = Value.False;
        foreach (var argument in _arguments)
        {
            value = argument.Evaluate(in scope);
            if (Coercion.Truthy(in value)) break;
        }

        return value;
    }

    public override bool Holds(in Scope scope)
    {
        var arguments = _arguments;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Holds(in scope)) return true;
        }

        return false;
    }
}

/// <summary><c>??</c>: the first argument that is not null.</summary>
internal sealed class Coalesce(Call call) : Term
{
    private readonly Term[] _arguments = call.Arguments;

    public override Value Evaluate(in Scope scope)
    {
        foreach (var argument in _arguments)
        {
            if (argument.Evaluate(in scope) is { IsNull: false } value) return value;
        }

        return Value.Null;
    }
}

/// <summary><c>if</c> and <c>?:</c>: pairs of condition and result, then perhaps a result for "otherwise".</summary>
internal sealed class If(Call call) : Term
{
    private readonly Term[] _arguments = call.Arguments;

    public override Value Evaluate(in Scope scope) => Chosen(in scope).Evaluate(in scope);

    public override bool Holds(in Scope scope) => Chosen(in scope).Holds(in scope);

    public override double Number(in Scope scope) => Chosen(in scope).Number(in scope);

    private Term Chosen(in Scope scope)
    {
        var i = 0;
        for (; i + 1 < _arguments.Length; i += 2)
        {
            if (_arguments[i].Holds(in scope)) return _arguments[i + 1];
        }

        return i < _arguments.Length ? _arguments[i] : Literal.Null;
    }
}

/// <summary><c>throw</c>: ends the evaluation, or the <c>try</c> it stands in, in an error. An object with a <c>type</c> is the error, anything else its type.</summary>
internal sealed class Throw(Call call) : Term
{
    private readonly Term _error = call[0];

    public override Value Evaluate(in Scope scope) => throw new Thrown(Run.Made(RuleErrors.Of(_error.Evaluate(in scope))));
}

/// <summary><c>try</c>: the first argument that does not end in an error. The arguments after the first see the last error in place of the data, which lies two levels up.</summary>
internal sealed class Try(Call call) : Term
{
    private readonly Term[] _arguments = call.Arguments;

    public override Value Evaluate(in Scope scope)
    {
        Thrown? last = null;
        for (var i = 0; ; i++)
        {
            try
            {
                return last is null ? _arguments[i].Evaluate(in scope) : Handle(_arguments[i], last.Error, in scope);
            }
            catch (Thrown thrown) when (!thrown.IsFinal && i + 1 < _arguments.Length)
            {
                scope.Run.Charge(Run.PerError);
                last = thrown;
            }
        }
    }

    private static Value Handle(Term argument, Value error, in Scope scope) =>
        argument.Evaluate(new Scope(in error, in scope, new Above(in scope, Value.Null)));
}
