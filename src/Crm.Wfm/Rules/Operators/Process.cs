namespace Crm.Wfm.Rules.Operators;

/// <summary><c>hasRole</c>: whether the actor has one of these roles.</summary>
internal sealed class HasRole(Call call) : Test
{
    private static readonly FactPath Path = FactPath.Dotted(Value.From("actor.roles"))!;

    private readonly Term[] _roles = call.Arguments;

    public override Reading Reading => new([Path], Levels: -1);

    public override bool Holds(in Scope scope)
    {
        foreach (var role in _roles)
        {
            var name = role.Evaluate(in scope);
            if (In.IsIn(in name, in Path.Find(in scope.Root), ref scope.Run)) return true;
        }

        return false;
    }
}

/// <summary><c>changed</c>: whether one of these facts is changed by what is decided about: they, a part of them or what they are part of.</summary>
internal sealed class Changed : Test
{
    private static readonly FactPath Path = FactPath.Dotted(Value.From("changed"))!;

    private readonly string[] _facts;
    private readonly FactPath[] _paths;

    private Changed(FactPath[] paths) => (_paths, _facts) = (paths, Array.ConvertAll(paths, p => p.Name));

    public override Reading Reading => new([Path, .. _paths], Levels: -1);

    public static Term Of(Call call)
    {
        var paths = Array.ConvertAll(call.Arguments, a => a.Constant is { Kind: ValueKind.Text } path ? FactPath.Dotted(in path) : null);
        return Array.Exists(paths, p => p is null or { Name: "" })
            ? Failing.Arguments("'changed' takes the names of facts, such as \"entity.amount\", which have to stand in the rule.")
            : new Changed(paths!);
    }

    public override bool Holds(in Scope scope)
    {
        var changes = Path.Find(in scope.Root).AsList;
        scope.Run.Charge(changes.Length);
        foreach (ref readonly var change in changes)
        {
            if (change.AsText is not { } changed) continue;
            foreach (var fact in _facts)
            {
                if (IsWithin(fact, changed) || IsWithin(changed, fact)) return true;
            }
        }

        return false;
    }

    private static bool IsWithin(string path, string whole) =>
        path.StartsWith(whole, StringComparison.Ordinal) && (path.Length == whole.Length || path[whole.Length] == '.');
}
