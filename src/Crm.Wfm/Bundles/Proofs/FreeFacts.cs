using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>
/// The facts rules may come to see, each free within its schema: what is proved for all of them is proved for every record there can be. Where they may be more than
/// there can be (a fact that is <c>null</c>, roles together that nobody has) a proof only says less.
/// </summary>
internal sealed class FreeFacts
{
    private const int MostFacts = 24;
    private const int MostSchemaParts = 400;

    private static readonly JsonSchema Time = Read("""{"type": "string", "format": "date-time"}""");
    private static readonly JsonSchema Id = Read("""{"type": "string", "format": "uuid"}""");
    private static readonly JsonSchema Names = Read("""{"type": "array", "items": {"type": "string", "minLength": 1}}""");
    private static readonly JsonSchema Count = Read("""{"type": "integer", "minimum": 0}""");
    private static readonly string[] OfProject = ["id", "type", "version", "startedAt", "enteredAt"];

    private readonly Dictionary<(object? Schema, string Path), Field?> _known = [];

    /// <summary>Lists the facts some rules read; <c>null</c> when nobody can: a path is computed, one fact is a part of another, or there are too many.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="scene">Where they are asked.</param>
    /// <param name="withParams">Whether parameters may have any value, and not only the one the bundle gives them.</param>
    public IReadOnlyList<Field>? Of(IEnumerable<Rule> rules, Scene scene, bool withParams)
    {
        var fields = new List<Field>();
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            if (rule.ReadsComputed) return null;
            foreach (var path in rule.Variables.Where(paths.Add))
            {
                if (paths.Count > MostFacts) return null;
                if (IsFixed(path, scene, withParams)) continue;
                if (Find(path, scene) is not { } field || fields.Exists(f => Expression.Overlap(f.Path, path))) return null;
                fields.Add(field);
            }
        }

        return fields;
    }

    /// <summary>Tells whether a fact is what it is: of the step, of the project type, a parameter that has a value; automations alone see an event.</summary>
    private static bool IsFixed(string path, Scene scene, bool withParams) => path.Split('.') switch
    {
        ["step", not "enteredAt", ..] or ["event", ..] or ["project", "type", ..] => true,
        ["param", var name, ..] => !withParams && scene.Workflow.Params.AsObject?.Has(name) == true,
        _ => false,
    };

    private Field? Find(string path, Scene scene)
    {
        var names = path.Split('.');
        return names switch
        {
            ["now"] or ["step", "enteredAt"] or ["project", "startedAt" or "enteredAt"] => Always(path, Time),
            ["actor", "id"] or ["project", "id"] => Always(path, Id),
            ["actor", "roles" or "relations"] => Always(path, Names),
            ["project", "version"] => Always(path, Count),
            ["param", _] => new(path, null),
            ["entity", _, ..] => Known(scene.Subject, path, names, Emptiness.Null | Emptiness.Absent),
            ["project", var own, ..] when !OfProject.Contains(own) => Known(scene.Fields, path, names, Emptiness.Null | Emptiness.Absent),
            ["input", _, ..] => Known(scene.Transition?.Input, path, names, Emptiness.Absent),
            _ => null,
        };
    }

    private static Field Always(string path, JsonSchema schema) => new(path, schema) { Empty = Emptiness.Never };

    private Field? Known(JsonSchema? schema, string path, string[] names, Emptiness empty)
    {
        if (_known.TryGetValue((schema, path), out var known)) return known;
        var found = schema?.At(string.Concat(names.Skip(1).Select(JsonPointer.Token)));
        var isRequired = names.Length == 2 && names[0] != "project" && schema is not null && schema.Source["required"].AsList.Contains(Value.From(names[1]));
        return _known[(schema, path)] = found is not null && IsLarge(found.Source, MostSchemaParts) ? null : new(path, found) { Empty = isRequired ? Emptiness.Never : empty };
    }

    private static bool IsLarge(Value source, int most)
    {
        return Left(source, most) < 0;

        static int Left(Value part, int left)
        {
            left--;
            foreach (var inner in part.AsObject is { } o ? o.Slots : part.AsList)
            {
                if (left < 0) break;
                left = Left(inner, left);
            }

            return left;
        }
    }

    private static JsonSchema Read(string schema) => JsonSchema.Read(Value.Parse(schema), [])!;
}
