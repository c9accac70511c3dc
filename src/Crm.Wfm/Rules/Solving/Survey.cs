namespace Crm.Wfm.Rules.Solving;

/// <summary>Looks through rules for the boundaries along one field, the facts around it being what they are.</summary>
/// <param name="field">The field.</param>
/// <param name="facts">The facts.</param>
/// <param name="pending">Fields that will be chosen after this one.</param>
/// <param name="isFinite">Tells whether every value of a field is tried anyway.</param>
/// <param name="fuel">What it may spend.</param>
internal sealed class Survey(Field field, Value facts, IReadOnlyCollection<Field> pending, Predicate<Field> isFinite, Fuel fuel)
{
    private const int MostForms = 16;

    private static readonly Form[] Unclear = [Form.Unclear];

    public Boundaries Found { get; } = new();

    /// <summary>Looks through a rule, or a part of one.</summary>
    public void Take(Expression rule) => See(rule);

    /// <summary>Sees what a part may be; adds the boundaries of everything in it.</summary>
    private Form[] See(Expression part)
    {
        fuel.Spend(1);
        if (fuel.IsSpent) return Unclear;
        var isPending = pending.Where(part.Reads).ToList();
        if (!part.Reads(field) && isPending.Count == 0) return [new Form.Known(Value(part))];
        var forms = Shape(part, isPending);
        if (forms.Length > MostForms) return Blurred(part, $"'{part.Operator}' has too many cases");
        foreach (var form in forms)
        {
            if (form is Form.Linear linear) Root(linear, 0);
        }

        return forms;
    }

    private Value Value(Expression part)
    {
        return part.IsLiteral ? part.Source : Outcomes.Of(part.Rule, facts, fuel) ?? Rules.Value.Null;
    }

    private Form[] Shape(Expression part, List<Field> isPending)
    {
        var arguments = part.Arguments;
        switch (part.Operator)
        {
            case "var" or "val":
                return Variable(part, isPending);
            case "missing" or "missing_some" or "exists":
                return [new Form.Presence()];
            case "!" or "!!":
                foreach (var argument in arguments) See(argument);
                return [new Form.Presence()];
            case "and" or "or" or "??" or "if" or "?:":
                return Alternatives(part);
            case "log" when arguments.Count == 1:
                return See(arguments[0]);
            case "==" or "!=" or "===" or "!==" or "<" or "<=" or ">" or ">=" when arguments.Count > 1:
                for (var i = 1; i < arguments.Count; i++) Compare(part, See(arguments[i - 1]), See(arguments[i]));
                return [new Form.Presence()];
            case "+" or "-" or "*" or "/":
                return Arithmetic(part);
            case "min" or "max" when arguments.Count > 1:
                var forms = arguments.Select(See).ToArray();
                for (var i = 1; i < forms.Length; i++) Compare(part, forms[i - 1], forms[i]);
                return [.. forms.SelectMany(f => f)];
            case "in" when arguments.Count == 2:
                return Contained(part, See(arguments[0]), See(arguments[1]));
            case "contains" when arguments.Count == 2:
                return Contained(part, See(arguments[1]), See(arguments[0]));
            default:
                return Texts(part);
        }
    }

    private Form[] Variable(Expression part, List<Field> isPending)
    {
        // The default is another rule; a path that is computed may lead anywhere.
        var path = part.Arguments.Count > 0 ? part.Arguments[0].Source : Rules.Value.Null;
        var name = part.Operator == "val" ? string.Join('.', part.Arguments.Select(a => a.Source.AsText)) : path.AsText;
        var otherwise = part.Operator == "var" && part.Arguments.Count > 1 ? See(part.Arguments[1]) : [];
        if (name == field.Path) return [Form.FieldItself, .. otherwise];
        if (isPending.Find(f => f.Path == name) is { } later) return [new Form.Pending(IsPlain: true), .. otherwise];
        return name is { Length: > 0 } and not ['.', ..] && !Expression.Overlap(name, field.Path) && !isPending.Exists(f => Expression.Overlap(name, f.Path))
            ? otherwise
            : Blurred(part, $"'{part.Operator}' looks into a field");
    }

    /// <summary>One of several comes out; which one depends on conditions that are looked through as well.</summary>
    private Form[] Alternatives(Expression part)
    {
        var arguments = part.Arguments;
        if (part.Operator is not ("if" or "?:")) return [.. arguments.SelectMany(See).Distinct()];
        var forms = new List<Form>();
        var i = 0;
        for (; i + 1 < arguments.Count; i += 2)
        {
            if (See(arguments[i]) is not [Form.Known { Value: var condition }]) forms.AddRange(See(arguments[i + 1]));
            else if (Coercion.Truthy(in condition))
            {
                forms.AddRange(See(arguments[i + 1]));
                return [.. forms];
            }
        }

        forms.AddRange(i < arguments.Count ? See(arguments[i]) : [new Form.Known(Rules.Value.Null)]);
        return [.. forms.Distinct()];
    }

    private void Compare(Expression part, Form[] left, Form[] right)
    {
        if (part.Operator is not ("==" or "!=" or "===" or "!==")) Found.IsOrdered = true;
        foreach (var a in left)
        {
            foreach (var b in right)
            {
                if (!Meet(a, b) && !Meet(b, a)) Blur(part, a, b);
            }
        }
    }

    /// <summary>Adds where two sides of a comparison meet; <c>false</c> when it is not known.</summary>
    private bool Meet(Form form, Form other)
    {
        switch (form, other)
        {
            case (Form.Known, Form.Known) or (Form.Pending { IsPlain: true }, Form.Pending { IsPlain: true } or Form.Itself or Form.Known): return true;
            case (Form.Presence, Form.Known or Form.Presence): return true;
            case (Form.Itself, Form.Itself): return true;
            case (Form.Itself, Form.Known known): Found.Add(known.Value); return true;
            case (Form.Linear or Form.Itself, Form.Linear or Form.Known or Form.Itself):
                var (a, b) = (form.AsLinear()!, other.AsLinear()!);
                return Root(new(a.Slope - b.Slope, a.Offset), b.Offset);
            case (Form.Quotient quotient, Form.Known known):
                Root(quotient.Divisor, 0);
                return Root(quotient.Divisor, quotient.Dividend / Form.NumberOf(known.Value));
            case (Form.DaysFrom days, Form.Known known): return Days(days.Time, Form.NumberOf(known.Value));
            case (Form.Later later, Form.Known known):
                if (Moments.Read(known.Value.AsText) is { } time && Moments.Shift(time, -later.By) is { } start) Found.Times.Add(start);
                return true;
            case (Form.Joined or Form.Part or Form.Recased, Form.Known known): return Undo(form, known.Value.AsText);
            default: return false;
        }
    }

    /// <summary>Adds where a form has a value.</summary>
    private bool Root(Form.Linear linear, double value)
    {
        if (linear.Slope != 0) Found.Add((value - linear.Offset) / linear.Slope);
        return true;
    }

    private bool Days(DateTimeOffset time, double days)
    {
        if (Math.Abs(days) > 4_000_000) return true;
        // Whole days toward zero: a number of days lasts from one full day to the next, on either side.
        foreach (var sign in (int[])[1, -1])
        {
            for (var i = -1; i <= 1; i++)
            {
                if (Moments.Shift(time, TimeSpan.FromDays(sign * (Math.Truncate(days) + i))) is { } at) Found.Times.Add(at);
            }
        }

        Found.Times.Add(time);
        return true;
    }

    /// <summary>Adds the texts of which something that is made of them is the wanted text.</summary>
    private bool Undo(Form form, string? wanted)
    {
        if (wanted is null) return true;
        switch (form)
        {
            case Form.Joined joined when wanted.StartsWith(joined.Before, StringComparison.Ordinal) && wanted.AsSpan(joined.Before.Length).EndsWith(joined.After):
                Found.Add(Rules.Value.From(wanted[joined.Before.Length..^joined.After.Length]));
                break;
            case Form.Part { Start: 0 }:
                Found.Add(TextShape.Start, wanted);
                Found.Add(Rules.Value.From(wanted));
                break;
            case Form.Part { Start: < 0, Length: null }:
                Found.Add(TextShape.End, wanted);
                Found.Add(Rules.Value.From(wanted));
                break;
            case Form.Part part:
                Found.Add(TextShape.Start, new string('x', Math.Max(part.Start, 0)) + wanted);
                Found.Blur("a part of a text");
                break;
            case Form.Recased:
                Found.Add(Rules.Value.From(wanted));
                break;
        }

        return true;
    }

    private Form[] Arithmetic(Expression part)
    {
        var sides = part.Arguments.Select(See).ToList();
        if (sides.Count == 1 && part.Operator == "-") sides.Insert(0, [new Form.Known(Rules.Value.From(0))]);
        if (sides.Count == 1 && part.Operator == "/") sides.Insert(0, [new Form.Known(Rules.Value.From(1))]);
        if (sides.Count == 0) return [new Form.Known(Value(part))];
        Form[] result = [.. sides[0].Select(AsNumber)];
        foreach (var side in sides.Skip(1))
        {
            if (result.Length * side.Length > MostForms) return Blurred(part, $"'{part.Operator}' has too many cases");
            result = [.. result.SelectMany(_ => side, (a, b) => Combine(part.Operator!, a, b)).Distinct()];
        }

        return result.Contains(Form.Unclear) ? Blurred(part, $"'{part.Operator}' of more than one changing number") : result;
    }

    private static Form AsNumber(Form form) => form.AsLinear() ?? form;

    private static Form Combine(string operation, Form left, Form right)
    {
        if (left is Form.Pending || right is Form.Pending) return new Form.Pending(IsPlain: false);
        if (left.AsLinear() is not { } a || right.AsLinear() is not { } b) return Form.Unclear;
        Form result = operation switch
        {
            "+" => new Form.Linear(a.Slope + b.Slope, a.Offset + b.Offset),
            "-" => new Form.Linear(a.Slope - b.Slope, a.Offset - b.Offset),
            "*" when b.Slope == 0 => new Form.Linear(a.Slope * b.Offset, a.Offset * b.Offset),
            "*" when a.Slope == 0 => new Form.Linear(b.Slope * a.Offset, b.Offset * a.Offset),
            "/" when b.Slope == 0 => new Form.Linear(a.Slope / b.Offset, a.Offset / b.Offset),
            "/" when a.Slope == 0 => new Form.Quotient(a.Offset, b),
            _ => Form.Unclear,
        };
        return result is Form.Linear { Slope: 0 } constant ? new Form.Known(Rules.Value.From(constant.Offset)) : result;
    }

    private Form[] Contained(Expression operation, Form[] parts, Form[] wholes)
    {
        foreach (var part in parts)
        {
            foreach (var whole in wholes)
            {
                if (!Contain(part, whole)) Blur(operation, part, whole);
            }
        }

        return [new Form.Presence()];
    }

    private bool Contain(Form part, Form whole)
    {
        switch (part, whole)
        {
            case (Form.Known, Form.Known) or (Form.Pending { IsPlain: true }, _) or (_, Form.Pending { IsPlain: true }): return true;
            case (_, Form.Known { Value: { Kind: ValueKind.List } list }):
                return list.AsList.ToArray().All(item => Meet(part, new Form.Known(item)));
            case (Form.Itself, Form.Known { Value.AsText: { } text }):
                Found.Add(Rules.Value.From(text));
                Found.Blur("a field that is a part of a text");
                return true;
            case (Form.Known known, Form.Itself):
                Found.Members.Add(known.Value);
                if (known.Value.Kind is not (ValueKind.List or ValueKind.Object)) Found.Add(TextShape.Within, known.Value.AsText ?? known.Value.ToString());
                return true;
            default: return false;
        }
    }

    private Form[] Texts(Expression part)
    {
        var arguments = part.Arguments.Select(See).ToArray();
        switch (part.Operator, arguments)
        {
            case ("cat", _): return Joined(part, arguments);
            case ("substr", [[Form.Itself], [Form.Known start], ..]) when arguments is [_, _] or [_, _, [Form.Known]]:
                return [new Form.Part((int)Form.NumberOf(start.Value), arguments is [_, _, [Form.Known length]] ? (int)Form.NumberOf(length.Value) : null)];
            case ("lower" or "upper", [[Form.Itself]]): return [new Form.Recased()];
            case ("startsWith", [[Form.Itself], [Form.Known { Value.AsText: { } text }]]): Found.Add(TextShape.Start, text); return [new Form.Presence()];
            case ("endsWith", [[Form.Itself], [Form.Known { Value.AsText: { } text }]]): Found.Add(TextShape.End, text); return [new Form.Presence()];
            case ("matches", [[Form.Itself], [Form.Known { Value.AsText: { } text }]]): Found.Add(TextShape.Pattern, text); return [new Form.Presence()];
            case ("date", [[Form.Itself]]): return [new Form.Later(TimeSpan.Zero)];
            case ("addDuration", [[Form.Itself], [Form.Known { Value.AsText: { } text }]]) when Duration(text) is { } by: return [new Form.Later(by)];
            case ("daysBetween", [[Form.Itself or Form.Later], [Form.Known]] or [[Form.Known], [Form.Itself or Form.Later]]): return DaysBetween(arguments);
            case ("startsWith" or "endsWith" or "matches" or "daysBetween" or "date", _) when arguments.All(a => a is [Form.Known or Form.Itself or Form.Pending { IsPlain: true }]):
                return [new Form.Pending(IsPlain: false)];
            default: return Blurred(part, part.Operator is null ? "a list that is computed" : $"'{part.Operator}'");
        }
    }

    private static Form[] DaysBetween(Form[][] arguments)
    {
        var isFrom = arguments[0][0] is not Form.Known;
        var known = (Form.Known)arguments[isFrom ? 1 : 0][0];
        if (Moments.Read(known.Value.AsText) is not { } time) return [new Form.Presence()];
        return [new Form.DaysFrom(arguments[isFrom ? 0 : 1][0] is Form.Later later ? Moments.Shift(time, -later.By) ?? time : time)];
    }

    private Form[] Joined(Expression part, Form[][] arguments)
    {
        var at = Array.FindIndex(arguments, a => a is not [Form.Known]);
        if (at < 0 || arguments[at] is not [Form.Itself] || Array.FindLastIndex(arguments, a => a is not [Form.Known]) != at) return Blurred(part, "'cat' of more than one changing text");
        return [new Form.Joined(Text(arguments[..at]), Text(arguments[(at + 1)..]))];

        static string Text(Form[][] forms) => string.Concat(forms.Select(f => ((Form.Known)f[0]).Value is var value && value.IsNull ? "" : value.AsText ?? value.ToString()));
    }

    private static TimeSpan? Duration(string text) => text is ['-', .. var positive] ? -IsoDuration.Parse(positive) : IsoDuration.Parse(text);

    private void Blur(Expression part, Form left, Form right)
    {
        if (!part.Reads(field)) return;
        // What is chosen later looks at this field again, then with its value.
        if (left is Form.Pending || right is Form.Pending)
        {
            if (pending.Where(part.Reads).All(f => isFinite(f))) return;
            Found.Blur($"'{part.Operator}' of fields that change together");
        }
        else Blurred(part, $"'{part.Operator}' of what is computed");
    }

    private Form[] Blurred(Expression part, string what)
    {
        if (!part.Reads(field)) return [new Form.Pending(IsPlain: false)];
        Found.Blur(what);
        foreach (var literal in part.Literals().Take(50))
        {
            Found.Add(literal);
            Found.Members.Add(literal);
        }

        return Unclear;
    }
}
